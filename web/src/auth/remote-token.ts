import { createClient, SignedOutError } from '@taskward/client';
import type { User } from './user';

/** The token of a remote issuer, kept in memory alone. */
export class RemoteToken {
  #token: string | undefined;

  keep(token: string): void {
    this.#token = token;
  }

  forget(): void {
    this.#token = undefined;
  }

  /**
   * Returns the token if the API accepts it still.
   *
   * @throws NetworkError
   */
  async current(): Promise<string | null> {
    const token = this.#token;
    if (token === undefined) return null;
    try {
      await this.userOf(token);
      return token;
    } catch (error) {
      if (error instanceof SignedOutError) return null;
      throw error;
    }
  }

  /**
   * Returns the user whom a token names.
   *
   * @throws SignedOutError for a token that the API refuses, NetworkError
   */
  async userOf(token: string): Promise<User> {
    const client = createClient({
      baseUrl: location.origin,
      getToken: () => Promise.resolve(token),
    });
    const { data } = await client.GET('/api/v1/me');
    return { id: data.id, name: data.name ?? data.email ?? data.id, email: data.email ?? '' };
  }
}
