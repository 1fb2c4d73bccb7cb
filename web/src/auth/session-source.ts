import { NetworkError } from '@taskward/client';
import { authClient } from './auth-client';
import type { Issuer } from './session-state';
import type { User } from './user';

/** Session of the cookie: none, or that of a user; or the issuer, if it has no sessions here. */
export type LoadedSession =
  | { readonly issuer: { readonly kind: 'embedded' }; readonly user: User | null }
  | { readonly issuer: Issuer & { readonly kind: 'remote' }; readonly user: null };

const unavailable = (cause?: unknown) => new NetworkError('No response', { cause });

/** Sends a request of Better Auth's client; an outage is thrown as one. */
async function request<T>(
  send: () => Promise<{ data: T; error: { status: number } | null }>,
): Promise<{ data: T; status: number }> {
  const { data, error } = await send().catch((cause: unknown) => {
    throw unavailable(cause);
  });
  const status = error?.status ?? 200;
  if (status === 0 || status === 429 || status >= 500) throw unavailable(error);
  return { data, status };
}

interface ResourceMetadata {
  readonly authorization_servers?: readonly string[];
}

/** Reads which issuer the API trusts (RFC 9728). */
async function remoteIssuer(): Promise<Issuer & { readonly kind: 'remote' }> {
  const response = await fetch('/.well-known/oauth-protected-resource').catch((cause: unknown) => {
    throw unavailable(cause);
  });
  if (!response.ok) throw unavailable();
  const { authorization_servers: servers } = (await response.json()) as ResourceMetadata;
  return { kind: 'remote', url: servers?.[0] ?? '' };
}

/** @throws NetworkError when it cannot be known at the moment who is signed in. */
export async function loadSession(): Promise<LoadedSession> {
  const { data, status } = await request(() => authClient.getSession());
  if (status === 404) return { issuer: await remoteIssuer(), user: null };
  if (data === null) return { issuer: { kind: 'embedded' }, user: null };
  const { id, name, email } = data.user;
  return { issuer: { kind: 'embedded' }, user: { id, name, email } };
}

/**
 * Fetches a token for the session of the cookie; null if there is none.
 *
 * @throws NetworkError
 */
export async function fetchSessionToken(): Promise<string | null> {
  const { data, status } = await request(() => authClient.token());
  return status === 200 ? (data?.token ?? null) : null;
}
