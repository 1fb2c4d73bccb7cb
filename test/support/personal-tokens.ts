import type { CreatedTokenDto } from '../../src/tokens/token.dto.js';
import { type TestUser, userWith } from './client.js';

/** The body of a token that may do everything, with changes. */
export const tokenBody = (changes: object = {}) => ({
  name: 'script',
  scopes: ['tasks:read', 'tasks:write'],
  ...changes,
});

/** Makes a personal token. */
export async function createToken(user: TestUser, changes: object = {}): Promise<CreatedTokenDto> {
  const json = tokenBody(changes);
  const { status, body } = await user.api<CreatedTokenDto>('/tokens', { method: 'POST', json });
  if (status !== 201) throw new Error(`POST /tokens: ${JSON.stringify(body)}`);
  return body;
}

/** Returns the same user with a personal token, or anything else that is sent as one. */
export const withToken = (url: string, user: TestUser, token: string): TestUser =>
  userWith(url, { ...user, cookie: '', token });
