import { Migration } from '@mikro-orm/migrations';
import { asSystem } from './as-system.js';
import { API_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from '../connection.js';

const IS_OWN = `owner_id = nullif(current_setting('app.user_id', true), '')`;

/** Keyed by the hash: a feed is found before its owner is known, so the table stays on one node. */
const TABLE = [
  `create table feed (
    hash bytea not null,
    owner_id varchar(255) not null,
    id uuid not null,
    list_id uuid null,
    kind varchar(6) not null,
    created_at timestamptz(3) not null default now(),
    constraint feed_pkey primary key (hash),
    constraint feed_kind_check check (kind in ('events', 'todos'))
  )`,
  'create index feed_owner_index on feed (owner_id, id)',
  'alter table feed enable row level security',
  'alter table feed force row level security',
  `create policy feed_owner on feed using (${IS_OWN}) with check (${IS_OWN})`,
  `create policy feed_system on feed to ${SYSTEM_ROLE} using (true) with check (true)`,
  `grant select, insert, delete on feed to ${API_ROLE}`,
  `grant select, delete on feed to ${SYSTEM_ROLE}`,
];

/** Returns the owner of a feed, and what it shows. Rows of a deleted account may outlive it for a moment. */
const FIND = `
  create function public.find_feed(secret_hash bytea)
    returns table (owner_id text, list_id uuid, kind text)
    language sql stable security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
      select feed.owner_id, feed.list_id, feed.kind from public.feed
       where hash = secret_hash
         and not exists (select from auth.deleted_user where id = feed.owner_id)
    $$`;

/** Ends the feeds of an account together with it, before its tasks are erased in batches. */
const END_WITH_ACCOUNT = `
  create function public.end_feeds() returns trigger
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    begin
      delete from public.feed where owner_id = old.id;
      return null;
    end $$`;

/** Calendar feeds. The previous version serves none, and erases them with their account. */
export class Migration0022FeedsCompatible extends Migration {
  override up(): void {
    for (const create of TABLE) this.addSql(create);
    asSystem(this, () => {
      for (const create of [FIND, END_WITH_ACCOUNT]) this.addSql(create);
      this.addSql('revoke all on function public.end_feeds() from public');
      this.addSql('grant execute on function public.end_feeds() to session_user');
      this.addSql('revoke all on function public.find_feed(bytea) from public');
      this.addSql(`grant execute on function public.find_feed(bytea) to ${API_ROLE}`);
    });
    this.addSql(`
      create trigger feeds_ended after delete on auth."user"
        for each row execute function public.end_feeds()`);
  }

  override down(): void {
    this.addSql('drop trigger feeds_ended on auth."user"');
    asSystem(this, () => {
      this.addSql('drop function public.find_feed(bytea)');
      this.addSql('drop function public.end_feeds()');
    });
    this.addSql('drop table feed');
  }
}
