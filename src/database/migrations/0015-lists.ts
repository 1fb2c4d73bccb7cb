import { Migration } from '@mikro-orm/migrations';
import { asSystem } from './as-system.js';
import { API_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from '../connection.js';
import { addTo, COUNTED_PURGES, KEPT, NEXT_OWNER, recount } from './0012-usage.js';

const IS_OWN = `owner_id = (select nullif(current_setting('app.user_id', true), ''))`;

const TABLE = `
  create table list (
    owner_id varchar(255) not null,
    id uuid not null,
    name varchar(100) not null,
    color varchar(7) null,
    position text collate "C" not null,
    archived boolean not null default false,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    deleted_at timestamptz(3) null,
    version int not null default 1,
    name_key text collate "C" not null
      generated always as (task_title_key((name)::text)) stored,
    constraint list_pkey primary key (owner_id, id),
    constraint list_color_check check (color ~ '^#[0-9a-f]{6}$')
  )`;

/** Name and columns after the owner; both the list and its trash are read off these. */
const LIST_INDEXES = [
  ['position', 'position, id'],
  ['name', 'name_key, id'],
  ['created', 'created_at, id'],
] as const;

/** Lists and their rows are small: the bytes of a row beside its name stand for all of it. */
const LIST_BYTES = `
  create function list_bytes(name text) returns int
    language sql immutable parallel safe
    return octet_length(name) + 100`;

/**
 * A position after all others, for tasks that the previous version inserts: like those of the API it begins
 * with the time, and has as many digits.
 */
const END_POSITION = `
  create function task_end_position() returns text
    language sql volatile parallel safe
    return 'y' || lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
      || left(replace(gen_random_uuid()::text, '-', ''), 13)`;

const COLUMNS = `
  alter table task
    add list_id uuid null,
    add parent_id uuid null,
    add has_subtasks boolean not null default false,
    add position text collate "C" null,
    add trashed_with uuid null`;

/** Validated by the next migration, which holds no lock that writers wait for. */
export const FOREIGN_KEYS = {
  task_list_fkey: `foreign key (owner_id, list_id)
    references list (owner_id, id) on delete set null (list_id)`,
  task_parent_fkey: `foreign key (owner_id, parent_id)
    references task (owner_id, id) on delete cascade`,
} as const;

/** Adds a foreign key that existing rows are not compared with. */
export const addUnvalidated = (name: string, foreignKey: string) =>
  `alter table task add constraint ${name} ${foreignKey} not valid`;

/**
 * The purge of tasks and of lists. With an expired task goes all that lies below it: that has been in the
 * trash at least as long, and is counted here, where a cascade would not be.
 */
export const PURGE = `
  create or replace function public.purge_trash(days int, batch_size int, trusted_now timestamptz)
    returns int
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    declare
      deleted_before timestamptz :=
        least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
      removed int;
      removed_lists int;
    begin
      with recursive expired as (
        select owner_id, id from public.task where deleted_at < deleted_before
        limit batch_size for update skip locked
      ), subtree as (
        select owner_id, id from expired
        union
        select task.owner_id, task.id from subtree
          join public.task on task.owner_id = subtree.owner_id and task.parent_id = subtree.id
      ), purged as (
        delete from public.task using subtree
         where task.owner_id = subtree.owner_id and task.id = subtree.id
           and task.deleted_at is not null
        returning task.owner_id, public.task_bytes(title, description, tags) as size
      ), counted as (
        select owner_id, -count(*) as tasks, -sum(size) as bytes from purged group by owner_id
      ), subtracted as (${addTo(['tasks', 'bytes'])})
      select least(count(*), batch_size) into removed from purged;
      with expired as (
        select owner_id, id from public.list where deleted_at < deleted_before
        limit batch_size for update skip locked
      ), purged as (
        delete from public.list using expired
         where list.owner_id = expired.owner_id and list.id = expired.id
           and list.deleted_at is not null
        returning list.owner_id, public.list_bytes(name) as size
      ), counted as (
        select owner_id, -sum(size) as bytes from purged group by owner_id
      ), subtracted as (${addTo(['bytes'])})
      select count(*) into removed_lists from purged;
      return greatest(removed, removed_lists);
    end $$`;

const KEPT_WITH_LISTS = `${KEPT}
  union all
  select owner_id, 0, public.list_bytes(name), 0, 0 from public.list`;

export const NEXT_OWNER_WITH_LISTS = NEXT_OWNER.replace(
  'select least(',
  'select least((select owner_id from list where owner_id > previous order by owner_id limit 1),',
);

const replacing = (create: string) =>
  create.replace(/create (or replace )?function/, 'create or replace function');

/**
 * Lists; and of each task its list, its parent, its position, and what it was trashed with. The columns
 * are null for what there is, so no lock is held for long, and the previous version, which does not
 * know them, makes tasks without a list, at the end.
 */
export class Migration0015ListsCompatible extends Migration {
  override up(): void {
    this.addSql(TABLE);
    for (const [name, columns] of LIST_INDEXES) {
      this.addSql(`create index list_owner_${name}_index on list (owner_id, ${columns})`);
    }
    this.addSql(
      'create index list_deleted_index on list (deleted_at) where deleted_at is not null',
    );
    this.addSql(LIST_BYTES);
    this.addSql(END_POSITION);
    this.addSql(COLUMNS);
    // A default that is added with its column would write all rows anew.
    this.addSql('alter table task alter position set default task_end_position()');
    for (const [name, key] of Object.entries(FOREIGN_KEYS)) this.addSql(addUnvalidated(name, key));
    this.#secureLists();
    asSystem(this, () => {
      this.addSql(PURGE);
      this.addSql(replacing(NEXT_OWNER_WITH_LISTS));
      this.addSql(replacing(recount(KEPT_WITH_LISTS)));
    });
  }

  override down(): void {
    asSystem(this, () => {
      this.addSql(replacing(recount(KEPT)));
      this.addSql(replacing(NEXT_OWNER));
      this.addSql(replacing(COUNTED_PURGES[0]));
    });
    this.addSql(`
      alter table task drop column list_id, drop column parent_id, drop column has_subtasks,
        drop column position, drop column trashed_with`);
    this.addSql('drop function task_end_position()');
    this.addSql('drop table list');
    this.addSql('drop function list_bytes(text)');
  }

  #secureLists(): void {
    this.addSql('alter table list enable row level security');
    this.addSql('alter table list force row level security');
    this.addSql(`create policy list_owner on list using (${IS_OWN}) with check (${IS_OWN})`);
    this.addSql(`create policy list_system on list for select to ${SYSTEM_ROLE} using (true)`);
    this.addSql(`
      create policy list_purge on list for delete to ${SYSTEM_ROLE} using (deleted_at is not null)`);
    this.addSql(`
      create policy list_purge_lock on list for update to ${SYSTEM_ROLE}
        using (deleted_at is not null) with check (false)`);
    this.addSql(`grant select, insert, update, delete on list to ${API_ROLE}`);
    this.addSql(`grant select, update, delete on list to ${SYSTEM_ROLE}`);
  }
}
