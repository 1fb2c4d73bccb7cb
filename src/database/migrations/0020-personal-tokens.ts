import { Migration } from '@mikro-orm/migrations';
import { asSystem } from './as-system.js';
import { API_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from '../connection.js';

/** Not a subselect: a database that is distributed by owner refuses one in a policy. */
const IS_OWN = `owner_id = nullif(current_setting('app.user_id', true), '')`;

/** Keyed by the hash: a token is found before its owner is known, so the table stays on one node. */
const TABLE = [
  `create table personal_token (
    hash bytea not null,
    owner_id varchar(255) not null,
    id uuid not null,
    name varchar(100) not null,
    scopes text[] not null,
    created_at timestamptz(3) not null default now(),
    expires_at timestamptz(3) null,
    last_used_on date null,
    constraint personal_token_pkey primary key (hash)
  )`,
  'create index personal_token_owner_index on personal_token (owner_id, id)',
  'alter table personal_token enable row level security',
  'alter table personal_token force row level security',
  `create policy personal_token_owner on personal_token using (${IS_OWN}) with check (${IS_OWN})`,
  `create policy personal_token_system on personal_token to ${SYSTEM_ROLE}
     using (true) with check (true)`,
  `grant select, insert, delete on personal_token to ${API_ROLE}`,
  `grant select, delete, update (last_used_on) on personal_token to ${SYSTEM_ROLE}`,
];

/** Notifies every instance, whatever ends a token, or changes one: Taskward itself changes none. */
const NOTIFICATION = [
  `create function revoke_personal_token() returns trigger
     language plpgsql set search_path = pg_catalog
     as $$
     begin
       perform pg_notify('taskward_personal_token_revoked',
         case tg_op when 'DELETE' then old.id::text else '' end);
       return null;
     end $$`,
  `create trigger personal_token_revoked
     after delete or update of hash, owner_id, id, name, scopes, expires_at on personal_token
     for each row execute function revoke_personal_token()`,
];

/**
 * Returns the owner of a token, and what the token is good for. The rest is read as that owner. Rows of a
 * deleted account may outlive it for a moment.
 */
const FIND = `
  create function public.find_personal_token(token_hash bytea)
    returns table (owner_id text, scopes text[], expires_at timestamptz)
    language sql stable security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
      select personal_token.owner_id, personal_token.scopes, personal_token.expires_at
        from public.personal_token
       where hash = token_hash
         and not exists (select from auth.deleted_user where id = personal_token.owner_id)
    $$`;

/** Skips rows that another instance is writing: it writes the same. */
const RECORD_USE = `
  create function public.record_personal_token_use(token_hashes bytea[], used_on date)
    returns void
    language sql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
      update public.personal_token set last_used_on = used_on
       where hash in (
         select hash from public.personal_token
          where hash = any (token_hashes)
            and (last_used_on is null or last_used_on < used_on)
            for update skip locked)
    $$`;

/** Ends the tokens of an account together with it, before its tasks are erased in batches. */
const END_WITH_ACCOUNT = `
  create function public.end_personal_tokens() returns trigger
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    begin
      delete from public.personal_token where owner_id = old.id;
      return null;
    end $$`;

const CALLED_BY_API = [
  'public.find_personal_token(bytea)',
  'public.record_personal_token_use(bytea[], date)',
];

/** Personal tokens. The previous version refuses them all, and erases them with their account. */
export class Migration0020PersonalTokensCompatible extends Migration {
  override up(): void {
    for (const create of [...TABLE, ...NOTIFICATION]) this.addSql(create);
    asSystem(this, () => {
      for (const create of [FIND, RECORD_USE, END_WITH_ACCOUNT]) this.addSql(create);
      this.addSql('revoke all on function public.end_personal_tokens() from public');
      this.addSql('grant execute on function public.end_personal_tokens() to session_user');
      for (const signature of CALLED_BY_API) {
        this.addSql(`revoke all on function ${signature} from public`);
        this.addSql(`grant execute on function ${signature} to ${API_ROLE}`);
      }
    });
    this.addSql(`
      create trigger personal_tokens_ended after delete on auth."user"
        for each row execute function public.end_personal_tokens()`);
  }

  override down(): void {
    this.addSql('drop trigger personal_tokens_ended on auth."user"');
    asSystem(this, () => {
      for (const signature of [...CALLED_BY_API, 'public.end_personal_tokens()']) {
        this.addSql(`drop function ${signature}`);
      }
    });
    this.addSql('drop table personal_token');
    this.addSql('drop function revoke_personal_token()');
  }
}
