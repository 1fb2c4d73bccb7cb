import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CursorCodec, type CursorScope, type Position } from './cursor.js';
import type { Page, PageDto } from './page.js';

/** Cursors of all instances, which share the key in the database. */
@Injectable()
export class Cursors implements OnModuleInit {
  #codec = new CursorCodec(Buffer.alloc(0));

  constructor(private readonly em: EntityManager) {}

  async onModuleInit(): Promise<void> {
    const [row] = await this.em.execute<{ key: Buffer }[]>('select key from cursor_key');
    if (row === undefined) throw new Error('The table cursor_key is empty.');
    this.#codec = new CursorCodec(row.key);
  }

  /** Returns the first `count` rows of a page, and the cursor of what comes after them. */
  page<Dto>(scope: CursorScope, { rows, positionOf }: Page<Dto>, count: number): PageDto<Dto> {
    const hasMore = rows.length > count;
    return {
      data: rows.slice(0, count),
      nextCursor: hasMore ? this.#codec.encode(scope, positionOf(count - 1)) : null,
    };
  }

  /** Returns a string that `open` accepts for this scope. */
  seal(scope: CursorScope, position: Position): string {
    return this.#codec.encode(scope, position);
  }

  /** Returns the position of such a string; undefined for any other. */
  open(scope: CursorScope, sealed: string): Position | undefined {
    return this.#codec.open(scope, sealed);
  }

  /**
   * Returns the position of a cursor; without one, undefined.
   *
   * @throws Problem `invalid_cursor`
   */
  positionOf(scope: CursorScope, cursor: string | undefined): Position | undefined {
    return cursor === undefined ? undefined : this.#codec.decode(scope, cursor);
  }
}
