import { Migration } from '@mikro-orm/migrations';
import { API_ROLE, SYSTEM_ROLE } from '../connection.js';

/** Removes keys that have expired, at most so many; says how many went. */
export const PURGE = `
  create function purge_idempotency_keys(most int) returns int
    language sql volatile security definer set search_path = pg_catalog, public
    begin atomic
      with expired as (
        select owner_id, key from idempotency_key
        where created_at < now() - interval '24 hours' limit most for update skip locked
      ), purged as (
        delete from idempotency_key using expired
        where idempotency_key.owner_id = expired.owner_id and idempotency_key.key = expired.key
        returning 1
      )
      select count(*)::int from purged;
    end`;

/** The first answer to each Idempotency-Key, kept by its user for 24 hours. */
export class Migration0004Idempotency extends Migration {
  override up(): void {
    this.addSql(`
      create table idempotency_key (
        owner_id varchar(255) not null,
        key varchar(255) collate "C" not null,
        fingerprint bytea not null,
        status smallint not null,
        headers json not null,
        body json not null,
        created_at timestamptz(3) not null default now(),
        constraint idempotency_key_pkey primary key (owner_id, key)
      )`);
    this.addSql('create index idempotency_key_created_index on idempotency_key (created_at)');
    this.addSql('alter table idempotency_key enable row level security');
    this.addSql('alter table idempotency_key force row level security');
    this.addSql(`
      create policy idempotency_key_owner on idempotency_key
        using (owner_id = (select nullif(current_setting('app.user_id', true), '')))
        with check (owner_id = (select nullif(current_setting('app.user_id', true), '')))`);
    this.addSql(`grant select, insert, update, delete on idempotency_key to ${API_ROLE}`);
    this.addSql(`
      create policy idempotency_key_purge on idempotency_key to ${SYSTEM_ROLE}
        using (created_at < now() - interval '24 hours') with check (false)`);
    this.addSql(`grant select, update, delete on idempotency_key to ${SYSTEM_ROLE}`);
    this.addSql(PURGE);
    this.addSql(`grant create on schema public to ${SYSTEM_ROLE}`);
    this.addSql(`alter function purge_idempotency_keys(int) owner to ${SYSTEM_ROLE}`);
    this.addSql(`revoke create on schema public from ${SYSTEM_ROLE}`);
    this.addSql('revoke all on function purge_idempotency_keys(int) from public');
    this.addSql(`grant execute on function purge_idempotency_keys(int) to ${API_ROLE}`);
  }

  override down(): void {
    this.addSql('drop function purge_idempotency_keys(int)');
    this.addSql('drop table idempotency_key');
  }
}
