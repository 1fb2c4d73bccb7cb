import { createSecretKey, type KeyObject } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type CursorScope, decodeCursor, encodeCursor, type Position } from './cursor.js';

/** Cursors of all instances, which share the key in the database. */
@Injectable()
export class Cursors implements OnModuleInit {
  /** Not its bytes: each cursor would make a key of them again, which costs five times as much. */
  #key: KeyObject = createSecretKey(Buffer.alloc(0));

  constructor(private readonly em: EntityManager) {}

  async onModuleInit(): Promise<void> {
    const [row] = await this.em.execute<{ key: Buffer }[]>('select key from cursor_key');
    if (row === undefined) throw new Error('The table cursor_key is empty.');
    this.#key = createSecretKey(row.key);
  }

  encode(scope: CursorScope, position: Position): string {
    return encodeCursor(this.#key, scope, position);
  }

  /** @throws Problem `invalid_cursor` */
  decode(scope: CursorScope, cursor: string): Position {
    return decodeCursor(this.#key, scope, cursor);
  }
}
