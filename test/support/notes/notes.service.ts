import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../../../src/auth/index.js';
import { Problem } from '../../../src/problems/index.js';
import {
  Cursors,
  type Location,
  type NewValues,
  type Precondition,
  writeConditionally,
} from '../../../src/resource/index.js';
import type {
  CreateNoteDto,
  DeleteNoteQuery,
  ListNotesQuery,
  NoteDto,
  NotePageDto,
  ReplaceNoteDto,
  UpdateNoteDto,
} from './note.dto.js';
import type { Note } from './note.entity.js';
import { NotesRepository } from './notes.repository.js';

const valuesOf = ({ title, text }: UpdateNoteDto): NewValues<Note> => ({
  ...(title !== undefined && { title }),
  ...(text !== undefined && { text }),
});

/** The operations on a user's own notes. */
@Injectable()
export class NotesService {
  constructor(
    private readonly notes: NotesRepository,
    private readonly cursors: Cursors,
  ) {}

  async create(user: AuthenticatedUser, { title, text = null }: CreateNoteDto): Promise<NoteDto> {
    const [note] = await this.notes.insert(user, [{ title, text }]);
    if (note === undefined) throw new Error('The created note was not returned.');
    return note;
  }

  async list(user: AuthenticatedUser, query: ListNotesQuery): Promise<NotePageDto> {
    const { limit, cursor, trashed = false } = query;
    const scope = { userId: user.id, list: { trashed } };
    const page = await this.notes.pageBy(user.id, 'title', {
      descending: false,
      location: trashed ? 'trash' : 'list',
      after: this.cursors.positionOf(scope, cursor),
      limit: limit + 1,
    });
    return this.cursors.page(scope, page, limit);
  }

  get(user: AuthenticatedUser, id: string): Promise<NoteDto> {
    return this.#find(user, id, 'list');
  }

  change(
    user: AuthenticatedUser,
    id: string,
    dto: ReplaceNoteDto | UpdateNoteDto,
    precondition: Precondition,
  ): Promise<NoteDto> {
    return writeConditionally(
      precondition,
      () => this.notes.update(user, id, { values: valuesOf(dto) }, precondition),
      () => this.#find(user, id, 'list'),
    );
  }

  async delete(
    user: AuthenticatedUser,
    id: string,
    { permanent = false }: DeleteNoteQuery,
    precondition: Precondition,
  ): Promise<void> {
    const isDone = permanent
      ? () => this.notes.remove(user, id, precondition)
      : () => this.notes.trash(user, id, precondition);
    await writeConditionally(
      precondition,
      async () => (await isDone()) || null,
      () => this.#find(user, id, permanent ? 'anywhere' : 'list'),
    );
  }

  restore(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<NoteDto> {
    return writeConditionally(
      precondition,
      () => this.notes.restore(user, id, precondition),
      () => this.#find(user, id, 'trash'),
    );
  }

  async #find(user: AuthenticatedUser, id: string, location: Location): Promise<NoteDto> {
    const note = await this.notes.find(user.id, id, location);
    if (note === null) throw new Problem('task_not_found', 'There is no note with this id.');
    return note;
  }
}
