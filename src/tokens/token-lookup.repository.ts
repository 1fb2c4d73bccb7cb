import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { NOBODY } from '../auth/index.js';
import { scopedQueriesOf } from '../database/index.js';
import { arrayLiteral, instantOf } from '../resource/index.js';

/** The owner of a token, and what the token is good for. */
interface TokenOwner {
  readonly ownerId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
}

const FIND = `
  select owner_id, array_to_string(scopes, ' '), expires_at
    from find_personal_token(decode($2, 'hex')) where $1 = ''`;

const RECORD_USE = `
  select record_personal_token_use(
    array(select decode(hash, 'hex') from unnest($2::text[]) as hash), $3::date) where $1 = ''`;

/**
 * Tokens of all users, which only functions of the database may see. All lookups together hold as many
 * connections as one user may, so that a flood of made-up tokens delays only other lookups.
 */
@Injectable()
export class TokenLookupRepository {
  constructor(private readonly em: EntityManager) {}

  /** @param hash SHA-256 of the token, in hex. */
  async find(hash: string): Promise<TokenOwner | undefined> {
    const [row] = await scopedQueriesOf(this.em).run(NOBODY, FIND, [hash]);
    if (row === undefined) return undefined;
    const [ownerId, scopes, expiresAt] = row;
    return {
      ownerId: String(ownerId),
      scopes: String(scopes).split(' '),
      expiresAt: expiresAt ? new Date(instantOf(expiresAt)) : null,
    };
  }

  /** Records that tokens were used on a day, unless a later one is recorded. */
  async recordUse(hashes: readonly string[], day: string): Promise<void> {
    await scopedQueriesOf(this.em).run(NOBODY, RECORD_USE, [arrayLiteral(hashes), day]);
  }
}
