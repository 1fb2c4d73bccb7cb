import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { type TestUser, userWith } from './client.js';

/** Who issues the tokens of modes `jwks` and `secret` in the tests, and for whom. */
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'taskward-under-test';
export const SECRET = 'q7Wm2xV9tR4bN8cL1zK6pD3sF5gH0jYe';

/** Variables of an app in mode `secret`; `mintUser` makes its users. */
export const SECRET_MODE = {
  AUTH_MODE: 'secret',
  BETTER_AUTH_SECRET: SECRET,
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
};

/** Variables of an app in mode `jwks`. */
export const jwksMode = (keySetUrl: string) => ({
  AUTH_MODE: 'jwks',
  BETTER_AUTH_SECRET: '',
  AUTH_JWKS_URL: keySetUrl,
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
});

export const now = () => Math.floor(Date.now() / 1000);

/** The claims of a good token, with some replaced; `undefined` leaves one out. */
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

/** Signs a token, whatever it says. */
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

/** A user of an app in mode `secret`. */
export async function mintUser(url: string, sub: string): Promise<TestUser> {
  const token = await signWithSecret(claims({ sub }));
  return userWith(url, { id: sub, email: '', cookie: '', token });
}

/** A key pair of an issuer, with its public part as a key set shows it. */
export async function createKey(kid: string, alg = 'EdDSA') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg };
  return {
    kid,
    alg,
    jwk,
    sign: (payload = claims(), header: Partial<JWTHeaderParameters> = {}) =>
      sign(privateKey, { alg, kid, ...header }, payload),
  };
}

/** The address of a key set, which can misbehave. */
export class KeySetServer {
  keys: JWK[] = [];
  requests = 0;
  /** Replaces the answer. */
  misbehave: RequestListener | undefined;

  readonly #server = createServer((request, response) => {
    this.requests += 1;
    if (this.misbehave) {
      this.misbehave(request, response);
      return;
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }));
  });

  async start(...keys: JWK[]): Promise<this> {
    this.keys = keys;
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}/jwks`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
