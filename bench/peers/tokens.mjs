import { hash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { Failure } from './failure.mjs';

const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/** Verifies a token once and remembers it by its SHA-256 until it expires. */
export function tokenVerifier({ jwksUrl, issuer, audience }) {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const cache = new LRUCache({ max: 10_000 });
  const options = { algorithms: ['EdDSA'], issuer, audience, requiredClaims: ['exp', 'sub'] };

  async function verify(token, id) {
    const { payload } = await jwtVerify(token, keys, options).catch(() => {
      throw new Failure(401, 'invalid_token');
    });
    const until = payload.exp * 1_000;
    const { sub, email, name, iss } = payload;
    const tokenExpiresAt = new Date(until).toISOString();
    const user = { id: sub, email, name, issuer: iss, tokenExpiresAt };
    cache.set(id, { user, until });
    return user;
  }

  /** The user at once when the token is known, else a promise of them. */
  return (header) => {
    const token = BEARER.exec(header ?? '')?.[1];
    if (token === undefined) throw new Failure(401, 'missing_token');
    const id = hash('sha256', token, 'base64url');
    const known = cache.get(id);
    return known !== undefined && Date.now() < known.until ? known.user : verify(token, id);
  };
}
