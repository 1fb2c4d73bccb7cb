import { defineEntity, p } from '@mikro-orm/core';
import { OWNED_BY_CURRENT_USER } from '../../../src/database/index.js';
import { NotesRepository } from './notes.repository.js';

const NoteSchema = defineEntity({
  name: 'Note',
  tableName: 'note',
  repository: () => NotesRepository,
  properties: {
    ownerId: p.string().length(255).primary(),
    id: p.uuid().primary(),
    title: p.string().length(100),
    text: p.text().nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    updatedAt: p.datetime(3).defaultRaw('now()'),
    deletedAt: p.datetime(3).nullable(),
    version: p.integer().default(1),
  },
});

/** A note: the smallest resource that has all that resources have. */
export class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

/** The migration of the table. */
export const CREATE_NOTE = `
  create table note (
    owner_id varchar(255) not null, id uuid not null, title varchar(100) not null, text text,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    deleted_at timestamptz(3), version int not null default 1, primary key (owner_id, id)
  );
  alter table note enable row level security;
  alter table note force row level security;
  create policy note_owner on note using (${OWNED_BY_CURRENT_USER}) with check (${OWNED_BY_CURRENT_USER});
  grant select, insert, update, delete on note to taskward_api`;
