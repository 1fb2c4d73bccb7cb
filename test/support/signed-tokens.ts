import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { parseEnv } from '../../src/config/env.js';
import { KeySource } from '../../src/issuer/key-source.js';
import { RevokedSessions } from '../../src/issuer/revoked-sessions.js';
import type { Problem } from '../../src/problems/problem.js';

/** When tokens of `createSigner` are issued (seconds since 1970), and for how long. */
export const START = 1_800_000_000;
export const TTL = 300;
export const env = parseEnv({ PUBLIC_URL: 'https://issuer.example', AUTH_TOKEN_TTL: `${TTL}s` });

/** An issuer whose keys are a list. */
export class ListedKeys extends KeySource {
  keys: JWK[] = [];
  changed: () => void = () => undefined;

  override onChange(listener: () => void): void {
    this.changed = listener;
  }

  override load(): Promise<JSONWebKeySet> {
    return Promise.resolve({ keys: this.keys });
  }
}

/** Sessions that have ended; with `problem`, nothing is known of any. */
export class EndedSessions extends RevokedSessions {
  readonly ids = new Set<string>();
  problem: Problem | undefined;

  override has(sessionId: string): boolean {
    if (this.problem) throw this.problem;
    return this.ids.has(sessionId);
  }

  override onRevoked(): void {
    return;
  }
}

/** Returns a key of an issuer, and a function that signs tokens with it. */
export async function createSigner(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid };
  const sign = (changes: Record<string, unknown> = {}) => {
    const claims = { sub: 'ada', iss: env.issuer, aud: env.audience, sid: 's1', ...changes };
    const times = { iat: START, exp: START + TTL };
    return new SignJWT({ ...times, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .sign(privateKey);
  };
  return { jwk, sign };
}
