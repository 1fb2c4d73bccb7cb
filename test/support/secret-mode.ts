import { type CryptoKey, type JWTHeaderParameters, SignJWT } from 'jose';

/** Issuer and audience of the tokens in modes `jwks` and `secret`. */
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'taskward-under-test';
export const SECRET = 'q7Wm2xV9tR4bN8cL1zK6pD3sF5gH0jYe';

/** Variables of an app in mode `secret`; `mintUser` creates its users. */
export const SECRET_MODE = {
  AUTH_MODE: 'secret',
  BETTER_AUTH_SECRET: SECRET,
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
};

export const now = () => Math.floor(Date.now() / 1000);

/** Returns the claims of a valid token with changes; `undefined` removes a claim. */
export function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const good: Record<string, unknown> = {
    sub: 'ada',
    iss: ISSUER,
    aud: AUDIENCE,
    iat: now(),
    exp: now() + 300,
  };
  const entries = Object.entries({ ...good, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Signs a token, whatever its content. */
export function sign(
  key: CryptoKey | Uint8Array,
  header: JWTHeaderParameters,
  payload: Record<string, unknown>,
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

/** Signs with the secret of mode `secret`. */
export const signWithSecret = (payload: Record<string, unknown>, secret = SECRET) =>
  sign(new TextEncoder().encode(secret), { alg: 'HS256' }, payload);
