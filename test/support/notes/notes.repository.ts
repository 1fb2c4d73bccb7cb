import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Row } from '../../../src/database/index.js';
import { OwnedRepository } from '../../../src/resource/index.js';
import type { NoteDto } from './note.dto.js';
import type { Note } from './note.entity.js';

/** The notes of a user. */
export class NotesRepository extends OwnedRepository<Note, NoteDto> {
  constructor(em: SqlEntityManager, entityName: EntityName<Note>) {
    super(em, entityName, {
      tasks: 0,
      measured: ['title', 'text'],
      bytes: (measured) => sql`octet_length(concat(${sql.join(measured)}))`,
      log: { name: 'note', properties: ['title', 'text'], fields: ['title', 'text'], types: [] },
    });
  }

  override toDto(row: Row): NoteDto {
    const { read } = this.columns;
    return {
      id: read.id(row),
      title: read.title(row),
      text: read.text(row),
      createdAt: read.createdAt(row),
      updatedAt: read.updatedAt(row),
      version: read.version(row),
    };
  }
}
