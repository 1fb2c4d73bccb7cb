import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters } from 'jose';
import { type TestUser, userWith } from './client.js';
import { AUDIENCE, claims, ISSUER, sign, signWithSecret } from './secret-mode.js';

export * from './secret-mode.js';

/** Variables of an app in mode `jwks`. */
export const jwksMode = (keySetUrl: string) => ({
  AUTH_MODE: 'jwks',
  BETTER_AUTH_SECRET: '',
  AUTH_JWKS_URL: keySetUrl,
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
});

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
