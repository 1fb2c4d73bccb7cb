import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { Problem, type ProblemError } from '../problems/index.js';
import { Cursors } from '../resource/index.js';
import type { ChangeDto, ChangePageDto } from './change.dto.js';
import { type Bounds, ChangesRepository, type LatestChange } from './changes.repository.js';
import type { ListChangesQuery } from './list-changes.query.js';

/** Where a request has its token. */
type TokenSource = Pick<ProblemError, 'parameter' | 'header'>;

const EXPIRED =
  'Changes after this token are no longer kept. Read everything again, and go on from a new token.';

/** The changes of a user's own tasks and lists. */
@Injectable()
export class ChangesService {
  constructor(
    private readonly changes: ChangesRepository,
    private readonly cursors: Cursors,
  ) {}

  async list(user: AuthenticatedUser, { since, limit }: ListChangesQuery): Promise<ChangePageDto> {
    if (since === undefined) {
      const { last } = await this.changes.bounds(user.id);
      return { data: [], nextToken: this.tokenOf(user, last), hasMore: false };
    }
    const seq = this.positionOf(user, since, { parameter: 'since' });
    const { data, next, hasMore } = await this.after(user, seq, limit);
    return { data, nextToken: this.tokenOf(user, next), hasMore };
  }

  /**
   * Returns changes after a position, and the position to go on from.
   *
   * @throws Problem `change_token_expired`
   */
  async after(
    user: AuthenticatedUser,
    position: bigint,
    limit: number,
  ): Promise<{ data: ChangeDto[]; next: bigint; hasMore: boolean }> {
    const { bounds, changes, next, hasMore } = await this.changes.after(user.id, position, limit);
    assertKept(position, bounds);
    return { data: changes.map((change) => this.#dtoOf(user, change)), next, hasMore };
  }

  /** Returns the position of the last change. */
  async latest(user: AuthenticatedUser): Promise<bigint> {
    return (await this.changes.bounds(user.id)).last;
  }

  tokenOf({ id }: AuthenticatedUser, position: bigint): string {
    return this.cursors.seal({ userId: id, list: 'changes' }, { value: String(position), id: '' });
  }

  /**
   * Returns the position of a token of this user.
   *
   * @throws Problem `invalid_parameter`, or `invalid_header` if a header has the token.
   */
  positionOf({ id }: AuthenticatedUser, token: string, source: TokenSource): bigint {
    const position = this.cursors.open({ userId: id, list: 'changes' }, token);
    if (typeof position?.value === 'string') return BigInt(position.value);
    const detail = `${source.parameter ?? String(source.header)} must be a token of your changes.`;
    throw new Problem(source.header ? 'invalid_header' : 'invalid_parameter', detail, {
      errors: [{ ...source, code: 'change_token', detail }],
    });
  }

  #dtoOf(user: AuthenticatedUser, { seq, ...change }: LatestChange): ChangeDto {
    return { token: this.tokenOf(user, seq), ...change };
  }
}

/** A position after the last one is that of a log which was restored from a backup since. */
function assertKept(position: bigint, { first, last }: Bounds): void {
  if (position < first || position > last) throw new Problem('change_token_expired', EXPIRED);
}
