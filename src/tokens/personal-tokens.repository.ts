import { sql } from 'kysely';
import type { OwnerId, Row } from '../database/index.js';
import { arrayLiteral, type Placeholders, ScopedRepository } from '../resource/index.js';
import type { PersonalToken } from './personal-token.entity.js';
import type { TokenDto } from './token.dto.js';

/** Tokens of one user. */
export const MAX_TOKENS = 50;

/** A token to be stored. */
export interface NewToken {
  readonly id: string;
  /** SHA-256 of the token, in hex. */
  readonly hash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

type InsertParameter = keyof NewToken;

const hashOf = ({ hash }: Pick<Placeholders<'hash'>, 'hash'>) => sql`decode(${hash}, 'hex')`;

/** The personal tokens of a user. */
export class PersonalTokensRepository extends ScopedRepository<PersonalToken> {
  /**
   * Stores a token; returns null when the user has as many as allowed. The lock is a statement of its own:
   * the next one sees what the previous holder has committed.
   */
  insert(ownerId: OwnerId, { scopes, ...token }: NewToken): Promise<TokenDto | null> {
    return this.transaction(ownerId, async () => {
      await this.run(ownerId, this.#lock);
      const values = { ...token, scopes: arrayLiteral(scopes) };
      const [row] = await this.run(ownerId, this.#insert, values);
      return row === undefined ? null : this.#toDto(row);
    });
  }

  /** Returns the user's tokens, the newest first. */
  async list(ownerId: OwnerId): Promise<TokenDto[]> {
    const statement = this.statement(
      'list',
      ({ ownerId: owner }) => sql`
        select ${this.#shown} from personal_token
         where owner_id = ${owner} order by id desc`,
    );
    return (await this.run(ownerId, statement)).map((row) => this.#toDto(row));
  }

  /** Returns the token with this hash, if it is the user's. */
  async findByHash(ownerId: OwnerId, hash: string): Promise<TokenDto | null> {
    const statement = this.statement<'hash'>(
      'find by hash',
      (parameters) => sql`
        select ${this.#shown} from personal_token
         where owner_id = ${parameters.ownerId} and hash = ${hashOf(parameters)}`,
    );
    const [row] = await this.run(ownerId, statement, { hash });
    return row === undefined ? null : this.#toDto(row);
  }

  /** Deletes a token, and returns it as it was; null when there was none. */
  async remove(ownerId: OwnerId, id: string): Promise<TokenDto | null> {
    const statement = this.statement<'id'>(
      'remove',
      (parameters) => sql`
        delete from personal_token
         where owner_id = ${parameters.ownerId} and id = ${parameters.id}
        returning ${this.#shown}`,
    );
    const [row] = await this.run(ownerId, statement, { id });
    return row === undefined ? null : this.#toDto(row);
  }

  get #shown() {
    return sql.join(this.columns.shown.map((column) => sql.ref(column)));
  }

  get #lock() {
    return this.statement(
      'lock',
      ({ ownerId }) => sql`
        select pg_advisory_xact_lock(
          hashtextextended('personal tokens', hashtextextended(${ownerId}, 0)))`,
    );
  }

  get #insert() {
    return this.statement<InsertParameter>('insert', (parameters) => {
      const { ownerId, id, name, scopes, expiresAt } = parameters;
      return sql`
        insert into personal_token (hash, owner_id, id, name, scopes, expires_at)
        select ${hashOf(parameters)}, ${ownerId}::text, ${id}::uuid, ${name}, ${scopes}::text[],
               ${expiresAt}::timestamptz
         where (select count(*) from personal_token where owner_id = ${ownerId})
               < ${sql.lit(MAX_TOKENS)}
        returning ${this.#shown}`;
    });
  }

  #toDto(row: Row): TokenDto {
    const { read } = this.columns;
    return {
      id: read.id(row),
      name: read.name(row),
      scopes: read.scopes(row) as TokenDto['scopes'],
      createdAt: read.createdAt(row),
      expiresAt: read.expiresAt(row),
      lastUsedOn: read.lastUsedOn(row),
    };
  }
}
