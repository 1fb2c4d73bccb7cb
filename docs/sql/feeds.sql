-- insert
insert into
  feed (hash, owner_id, id, list_id, kind)
select
  decode($2, 'hex'),
  $1::text,
  $3::uuid,
  $4::uuid,
  $5
where
  (
    select
      count(*)
    from
      feed
    where
      owner_id = $1
  ) < 20
returning
  "id",
  "list_id",
  "kind",
  "created_at";

-- list
select
  "id",
  "list_id",
  "kind",
  "created_at"
from
  feed
where
  owner_id = $1
order by
  id desc;

-- lock
select
  pg_advisory_xact_lock(
    hashtextextended ('feeds', hashtextextended ($1, 0))
  );

-- remove
delete from feed
where
  owner_id = $1
  and id = $2
returning
  id;

-- state
select
  (
    select
      seq
    from
      change_counter
    where
      owner_id = $1
  ),
  (
    select
      name
    from
      list
    where
      owner_id = $1
      and id = $2::uuid
      and deleted_at is null
  );

-- tasks: events
select
  "id",
  "title",
  "description",
  "completed_at",
  "priority",
  "due_date",
  "due_at",
  "list_id",
  "parent_id",
  "recurrence",
  "series_id",
  "position",
  "tags",
  "created_at",
  "updated_at",
  "version",
  recurrence
from
  task
where
  owner_id = $1
  and deleted_at is null
  and (
    completed_at is null
    or completed_at >= $2::timestamptz
  )
  and (
    due_date is not null
    or due_at is not null
  )
  and id > $3::uuid
order by
  id
limit
  $4::int;

-- tasks: events of a list
select
  "id",
  "title",
  "description",
  "completed_at",
  "priority",
  "due_date",
  "due_at",
  "list_id",
  "parent_id",
  "recurrence",
  "series_id",
  "position",
  "tags",
  "created_at",
  "updated_at",
  "version",
  recurrence
from
  task
where
  owner_id = $1
  and deleted_at is null
  and (
    completed_at is null
    or completed_at >= $2::timestamptz
  )
  and list_id = $3
  and (
    due_date is not null
    or due_at is not null
  )
  and id > $4::uuid
order by
  id
limit
  $5::int;

-- tasks: todos
select
  "id",
  "title",
  "description",
  "completed_at",
  "priority",
  "due_date",
  "due_at",
  "list_id",
  "parent_id",
  "recurrence",
  "series_id",
  "position",
  "tags",
  "created_at",
  "updated_at",
  "version",
  recurrence
from
  task
where
  owner_id = $1
  and deleted_at is null
  and (
    completed_at is null
    or completed_at >= $2::timestamptz
  )
  and id > $3::uuid
order by
  id
limit
  $4::int;

-- tasks: todos of a list
select
  "id",
  "title",
  "description",
  "completed_at",
  "priority",
  "due_date",
  "due_at",
  "list_id",
  "parent_id",
  "recurrence",
  "series_id",
  "position",
  "tags",
  "created_at",
  "updated_at",
  "version",
  recurrence
from
  task
where
  owner_id = $1
  and deleted_at is null
  and (
    completed_at is null
    or completed_at >= $2::timestamptz
  )
  and list_id = $3
  and id > $4::uuid
order by
  id
limit
  $5::int;
