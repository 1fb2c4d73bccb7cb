import { Migration } from '@mikro-orm/migrations';
import { IDENTITY_ROLE, SYSTEM_ROLE } from '../connection.js';

/**
 * Sessions that ended before their tokens did, with the time of the clock: the transaction may have
 * started long ago.
 */
const TABLES = [
  `create table auth.revoked_session (
    id text not null primary key,
    revoked_at timestamptz not null default clock_timestamp()
  )`,
  'create index revoked_session_revoked_index on auth.revoked_session (revoked_at)',
  `create table auth.deleted_user (
    id text not null primary key,
    deleted_at timestamptz not null default clock_timestamp()
  )`,
];

/**
 * Notifies every instance, however a session ends: by Better Auth, with its user, or by hand. The
 * tokens of a session that expires by itself do not outlive it.
 */
const SESSIONS = [
  `create function auth.revoke_session() returns trigger
     language plpgsql set search_path = pg_catalog
     as $$
     begin
       insert into auth.revoked_session (id) values (old.id)
         on conflict (id) do update set revoked_at = excluded.revoked_at;
       perform pg_notify('taskward_session_revoked', old.id);
       return null;
     end $$`,
  `create trigger session_deleted after delete on auth.session for each row
     when (old."expiresAt" > now() - interval '1 minute')
     execute function auth.revoke_session()`,
  `create trigger session_cut_short after update of "expiresAt" on auth.session for each row
     when (new."expiresAt" < old."expiresAt" and new."expiresAt" < now())
     execute function auth.revoke_session()`,
];

const KEYS = [
  `create function auth.tell_keys_changed() returns trigger
     language plpgsql set search_path = pg_catalog
     as $$
     begin
       perform pg_notify('taskward_keys_changed', '');
       return null;
     end $$`,
  `create trigger keys_changed after insert or update or delete or truncate on auth.jwks
     for each statement execute function auth.tell_keys_changed()`,
];

/**
 * An account and what it owns go together or not at all. The functions' owner is under row-level
 * security too, so they act for the user that is gone, and nobody else's rows are in reach.
 */
const ACCOUNTS = [
  `create function auth.erase_deleted_user(owner text) returns int
     language plpgsql security definer set search_path = pg_catalog
     as $$
     declare
       before text := coalesce(current_setting('app.user_id', true), '');
       tasks int;
       keys int;
     begin
       if not exists (select from auth.deleted_user where id = owner) then
         return 0;
       end if;
       perform set_config('app.user_id', owner, true);
       delete from public.task where owner_id = owner;
       get diagnostics tasks = row_count;
       delete from public.idempotency_key where owner_id = owner;
       get diagnostics keys = row_count;
       perform set_config('app.user_id', before, true);
       return tasks + keys;
     end $$`,
  `create function auth.erase_user() returns trigger
     language plpgsql security definer set search_path = pg_catalog
     as $$
     begin
       insert into auth.deleted_user (id) values (old.id) on conflict do nothing;
       perform auth.erase_deleted_user(old.id);
       return null;
     end $$`,
  `create trigger user_deleted after delete on auth."user" for each row
     execute function auth.erase_user()`,
];

const SYSTEM_FUNCTIONS = ['auth.erase_user()', 'auth.erase_deleted_user(text)'];

/** How sessions, keys and accounts that are gone become known, and take with them what is theirs. */
export class Migration0005Sessions extends Migration {
  override up(): void {
    for (const create of [...TABLES, ...SESSIONS, ...KEYS, ...ACCOUNTS]) this.addSql(create);
    this.addSql(`grant select, insert, update, delete on auth.revoked_session to ${IDENTITY_ROLE}`);
    this.addSql(`grant select, delete on auth.deleted_user to ${IDENTITY_ROLE}`);
    this.addSql(`grant select, insert on auth.deleted_user to ${SYSTEM_ROLE}`);
    this.addSql(`grant usage, create on schema auth to ${SYSTEM_ROLE}`);
    for (const signature of SYSTEM_FUNCTIONS) {
      this.addSql(`alter function ${signature} owner to ${SYSTEM_ROLE}`);
      this.addSql(`revoke all on function ${signature} from public`);
    }
    this.addSql(`grant execute on function auth.erase_deleted_user(text) to ${IDENTITY_ROLE}`);
    this.addSql(`revoke create on schema auth from ${SYSTEM_ROLE}`);
  }

  override down(): void {
    this.addSql('drop trigger user_deleted on auth."user"');
    for (const signature of SYSTEM_FUNCTIONS) this.addSql(`drop function ${signature}`);
    this.addSql('drop trigger keys_changed on auth.jwks');
    this.addSql('drop function auth.tell_keys_changed()');
    this.addSql('drop trigger session_deleted on auth.session');
    this.addSql('drop trigger session_cut_short on auth.session');
    this.addSql('drop function auth.revoke_session()');
    this.addSql('drop table auth.deleted_user');
    this.addSql('drop table auth.revoked_session');
    this.addSql(`revoke usage on schema auth from ${SYSTEM_ROLE}`);
  }
}
