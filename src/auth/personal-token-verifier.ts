import { hash } from 'node:crypto';
import type { Env } from '../config/index.js';
import { isWellFormed, type PersonalTokens } from '../issuer/index.js';
import { ownerOf } from './owner.js';
import type { VerifiedToken } from './token-cache.js';
import { TokenError } from './token-error.js';

/** Last moment that a `Date` can hold (ms since 1970): the end of a token that does not expire. */
const NEVER = 8_640_000_000_000_000;
const DAY_MS = 86_400_000;

const dayOf = (time: number) => Math.floor(time / DAY_MS);
const textOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** One message for tokens that never existed, were revoked, or belong to a deleted account. */
const unknownToken = () =>
  new TokenError('invalid_token', 'There is no such personal token: it may have been revoked.');

/** Verifies personal tokens by looking up their SHA-256. */
export class PersonalTokenVerifier {
  constructor(
    private readonly env: Pick<Env, 'issuer'>,
    private readonly tokens: PersonalTokens,
    private readonly now: () => number,
  ) {}

  /**
   * @throws TokenError when the token is invalid.
   * @throws Problem `database_unavailable` or `too_many_concurrent_requests`
   */
  async verify(token: string): Promise<VerifiedToken> {
    if (!isWellFormed(token)) {
      throw new TokenError('invalid_token', 'The personal token is malformed or incomplete.');
    }
    const digest = hash('sha256', token, 'hex');
    const found = await this.tokens.find(digest);
    if (found === undefined) throw unknownToken();
    const { scopes, expiresAt, epoch } = found;
    const until = expiresAt?.getTime() ?? NEVER;
    if (this.now() >= until) {
      throw new TokenError('expired_token', 'The personal token has expired.');
    }
    const ownerId = ownerOf(found.ownerId);
    const details = await this.tokens.describe(ownerId, digest);
    if (details === undefined) throw unknownToken();
    const { id, name, lastUsedOn } = details;
    let usedOn = lastUsedOn === null ? -Infinity : dayOf(Date.parse(lastUsedOn));
    return {
      user: Object.freeze({
        id: ownerId,
        issuer: this.env.issuer,
        actor: { type: 'token', name } as const,
        personalTokenId: id,
        tokenExpiresAt: expiresAt,
        scopes,
      }),
      basis: {
        isCurrent: () => this.tokens.isCurrent(epoch),
        hasEnded: () => this.tokens.isRevoked(id),
        endError: unknownToken,
        recordUse: () => {
          const today = dayOf(this.now());
          if (today <= usedOn) return;
          usedOn = today;
          this.tokens.recordUse(digest, textOf(today));
        },
      },
      until,
    };
  }
}
