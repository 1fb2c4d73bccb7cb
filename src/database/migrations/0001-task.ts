import { Migration } from '@mikro-orm/migrations';
import { API_ROLE } from '../connection.js';

/** Tasks, keyed by their owner, whom row-level security alone lets see them. */
export class Migration0001Task extends Migration {
  override up(): void {
    this.addSql(`
      create table task (
        owner_id varchar(255) not null,
        id uuid not null,
        title varchar(255) not null,
        description varchar(10000) null,
        completed_at timestamptz(3) null,
        priority smallint not null default 0,
        due_date date null,
        due_at timestamptz(3) null,
        tags text[] not null default '{}',
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        deleted_at timestamptz(3) null,
        version int not null default 1,
        constraint task_pkey primary key (owner_id, id),
        constraint task_priority_check check (priority between 0 and 3),
        constraint task_due_check check (due_date is null or due_at is null)
      )`);
    // A page of the default list is read off this index, whatever the page.
    this.addSql(`
      create index task_owner_created_index on task (owner_id, created_at desc, id desc)
        where deleted_at is null`);
    this.addSql('alter table task enable row level security');
    this.addSql('alter table task force row level security');
    this.addSql(`
      create policy task_owner on task
        using (owner_id = (select nullif(current_setting('app.user_id', true), '')))
        with check (owner_id = (select nullif(current_setting('app.user_id', true), '')))`);
    this.addSql(`grant usage on schema public to ${API_ROLE}`);
    this.addSql(`grant select, insert, update, delete on task to ${API_ROLE}`);
  }

  override down(): void {
    this.addSql('drop table task');
    this.addSql(`revoke usage on schema public from ${API_ROLE}`);
  }
}
