-- back
with
  replaced as (
    select distinct
      on (key) key,
      value -> 0 as text
    from
      change,
      json_each(changes)
    where
      owner_id = $1
      and id = $2
      and version > $3::int
    order by
      key,
      seq
  )
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
  (
    select
      json_object_agg(key, text)
    from
      replaced
  ),
  exists (
    select
    from
      change
    where
      owner_id = $1
      and id = $2
      and version = $3::int
  )
from
  "task"
where
  owner_id = $1
  and id = $2;

-- complete below
with
  below as materialized (
    with recursive
      found as (
        select
          id,
          1 as level
        from
          task
        where
          owner_id = $1
          and parent_id = $2
          and deleted_at is null
        union all
        select
          task.id,
          level + 1
        from
          found
          join task on owner_id = $1
          and parent_id = found.id
        where
          deleted_at is null
      )
    select
      id,
      level
    from
      found
  ),
  changed as (
    update task
    set
      completed_at = now(),
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and id in (
        select
          id
        from
          below
      )
      and completed_at is null
    returning
      *
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.completed',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{"completed_at":' || json_build_array(null::text, changed.completed_at::text)::text || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version"
from
  changed as task
where
  recurrence is not null;

-- export anywhere
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  task.deleted_at is not null,
  task.trashed_with,
  task.next_task_id,
  list.name
from
  task
  left join list on list.owner_id = $1
  and list.id = task.list_id
where
  task.owner_id = $1
  and task.id > $2::uuid
order by
  task.id
limit
  $3::int;

-- export list
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  task.deleted_at is not null,
  task.trashed_with,
  task.next_task_id,
  list.name
from
  task
  left join list on list.owner_id = $1
  and list.id = task.list_id
where
  task.owner_id = $1
  and task.id > $2::uuid
  and task.deleted_at is null
order by
  task.id
limit
  $3::int;

-- find, anywhere
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version"
from
  "task"
where
  owner_id = $1
  and id = $2;

-- find, list
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version"
from
  "task"
where
  owner_id = $1
  and deleted_at is null
  and id = $2;

-- find, trash
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version"
from
  "task"
where
  owner_id = $1
  and deleted_at is not null
  and id = $2;

-- history
select
  seq,
  type,
  version,
  at,
  actor_type,
  actor_name,
  changes
from
  change
where
  owner_id = $1
  and id = $2
order by
  seq desc
limit
  $3::int;

-- history, after
select
  seq,
  type,
  version,
  at,
  actor_type,
  actor_name,
  changes
from
  change
where
  owner_id = $1
  and id = $2
  and seq < $3::bigint
order by
  seq desc
limit
  $4::int;

-- insert many: title, description, priority, dueDate, dueAt, tags, listId, parentId, completedAt, position
with
  rows as materialized (
    select
      *
    from
      json_to_recordset($2) as input (
        "id" uuid,
        "title" text,
        "description" text,
        "priority" smallint,
        "due_date" date,
        "due_at" timestamptz(3),
        "tags" text[],
        "list_id" uuid,
        "parent_id" uuid,
        "completed_at" timestamptz(3),
        "position" text
      )
  ),
  added as (
    select
      1 * count(*)::int as tasks,
      coalesce(
        sum(task_bytes ("title", "description", "tags")),
        0
      ) as bytes
    from
      rows
  ),
  counted as (
    update usage
    set
      tasks = usage.tasks + added.tasks,
      bytes = usage.bytes + added.bytes
    from
      added
    where
      owner_id = $1
      and slot = $3
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $4
        and byte_quota = $5
      )
    returning
      1
  ),
  changed as (
    insert into
      "task" (
        owner_id,
        "id",
        "title",
        "description",
        "priority",
        "due_date",
        "due_at",
        "tags",
        "list_id",
        "parent_id",
        "completed_at",
        "position"
      )
    select
      $1,
      "id",
      "title",
      "description",
      "priority",
      "due_date",
      "due_at",
      "tags",
      "list_id",
      "parent_id",
      "completed_at",
      "position"
    from
      (
        select
          *
        from
          rows
      ) as input (
        "id",
        "title",
        "description",
        "priority",
        "due_date",
        "due_at",
        "tags",
        "list_id",
        "parent_id",
        "completed_at",
        "position"
      )
    where
      exists (
        select
        from
          counted
      )
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.created',
      changed.id,
      changed.version,
      $6::text,
      $7::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- insert one: title, description, priority, dueDate, dueAt, tags, listId, parentId, completedAt, position
with
  added as (
    select
      1 as tasks,
      task_bytes ($2::text, $3::text, $4::text[]) as bytes
  ),
  counted as (
    update usage
    set
      tasks = usage.tasks + added.tasks,
      bytes = usage.bytes + added.bytes
    from
      added
    where
      owner_id = $1
      and slot = $5
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $6
        and byte_quota = $7
      )
    returning
      1
  ),
  changed as (
    insert into
      "task" (
        owner_id,
        "id",
        "title",
        "description",
        "priority",
        "due_date",
        "due_at",
        "tags",
        "list_id",
        "parent_id",
        "completed_at",
        "position"
      )
    select
      $1,
      "id",
      "title",
      "description",
      "priority",
      "due_date",
      "due_at",
      "tags",
      "list_id",
      "parent_id",
      "completed_at",
      "position"
    from
      (
        values
          (
            $8::uuid,
            $2::text,
            $3::text,
            $9::smallint,
            $10::date,
            $11::timestamptz(3),
            $4::text[],
            $12::uuid,
            $13::uuid,
            $14::timestamptz(3),
            $15::text
          )
      ) as input (
        "id",
        "title",
        "description",
        "priority",
        "due_date",
        "due_at",
        "tags",
        "list_id",
        "parent_id",
        "completed_at",
        "position"
      )
    where
      exists (
        select
        from
          counted
      )
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.created',
      changed.id,
      changed.version,
      $16::text,
      $17::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- list ["count",{"trashed":false,"completed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "completed_at" is null
  );

-- list ["count",{"trashed":false,"completed":true,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "completed_at" is not null
  );

-- list ["count",{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
  );

-- list ["count",{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":true,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and (
      "due_date" >= $2
      or "due_at" >= $3
    )
  );

-- list ["count",{"trashed":false,"isSearch":false,"dueBefore":true,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and (
      "due_date" < $2
      or "due_at" < $3
    )
  );

-- list ["count",{"trashed":false,"isSearch":false,"hasDue":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "due_date" is null
    and "due_at" is null
  );

-- list ["count",{"trashed":false,"isSearch":false,"hasDue":true,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and (
      "due_date" is not null
      or "due_at" is not null
    )
  );

-- list ["count",{"trashed":false,"isSearch":true,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  lookup as materialized (
    select
      task_lookup ($2, $3) as ids
  )
select
  (
    select
      count(*)
    from
      lookup,
      unnest(ids) as match (match_id),
      lateral (
        select
          *
        from
          task
        where
          (
            "owner_id" = $1
            and "deleted_at" is null
          )
          and id = match_id
        offset
          0
      ) as task
  ) + (
    select
      count(*)
    from
      task
    where
      (
        "owner_id" = $1
        and "deleted_at" is null
      )
      and terms @@ (
        select
          task_wanted ($1, $2, $3)
      )
      and (
        select
          ids is null
        from
          lookup
      )
  );

-- list ["count",{"trashed":false,"lists":"none","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "list_id" is null
  );

-- list ["count",{"trashed":false,"lists":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "list_id" = $2
  );

-- list ["count",{"trashed":false,"lists":"some or none","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and (
      "list_id" = any ($2)
      or "list_id" is null
    )
  );

-- list ["count",{"trashed":false,"parents":"none","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "parent_id" is null
  );

-- list ["count",{"trashed":false,"parents":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "parent_id" = $2
  );

-- list ["count",{"trashed":false,"priorities":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "priority" = $2
  );

-- list ["count",{"trashed":false,"priorities":"some","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is null
    and "priority" = any ($2)
  );

-- list ["count",{"trashed":true,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
select
  count(*)
from
  task
where
  (
    "owner_id" = $1
    and "deleted_at" is not null
  );

-- list [{"column":"created_at","descending":false,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "created_at" asc,
    id asc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":false,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("created_at", id) > ($2::timestamptz, $3::uuid)
    )
  order by
    "created_at" asc,
    id asc
  limit
    $4::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"completed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "completed_at" is null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"completed":true,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "completed_at" is not null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":true,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and (
        "due_date" >= $2
        or "due_at" >= $3
      )
    )
  order by
    "created_at" desc,
    id desc
  limit
    $4::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":true,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and (
        "due_date" < $2
        or "due_at" < $3
      )
    )
  order by
    "created_at" desc,
    id desc
  limit
    $4::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"isSearch":false,"hasDue":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"isSearch":false,"hasDue":true,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and (
        "due_date" is not null
        or "due_at" is not null
      )
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"isSearch":true,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  near as materialized (
    select
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version"
    from
      (
        select
          *
        from
          task
        where
          (
            "owner_id" = $1
            and "deleted_at" is null
          )
        order by
          "created_at" desc,
          id desc
        limit
          10::bigint * $2::int
      ) as task
    where
      terms @@ (
        select
          task_wanted ($1, $3, $4)
      )
    order by
      "created_at" desc,
      id desc
    limit
      $2::int
  ),
  lookup as materialized (
    select
      task_lookup ($3, $4) as ids
    where
      not (
        select
          count(*)
        from
          near
      ) = $2::int
  ) (
    select
      *
    from
      near
    where
      (
        select
          count(*)
        from
          near
      ) = $2::int
  )
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    lookup,
    unnest(ids) as match (match_id),
    lateral (
      select
        *
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
        )
        and id = match_id
      offset
        0
    ) as task
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
)
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    (
      select
        *
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
        )
      order by
        "created_at" desc,
        id desc
      limit
        1000000000::bigint * $2::int
    ) as task
  where
    terms @@ (
      select
        task_wanted ($1, $3, $4)
    )
    and (
      select
        ids is null
      from
        lookup
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
)
order by
  "created_at" desc,
  id desc;

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"lists":"none","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "list_id" is null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"lists":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "list_id" = $2
    )
  order by
    "created_at" desc,
    id desc
  limit
    $3::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"lists":"some or none","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and (
        "list_id" = any ($2)
        or "list_id" is null
      )
    )
  order by
    "created_at" desc,
    id desc
  limit
    $3::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"parents":"none","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "parent_id" is null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"parents":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "parent_id" = $2
    )
  order by
    "created_at" desc,
    id desc
  limit
    $3::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"priorities":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "priority" = $2
    )
  order by
    "created_at" desc,
    id desc
  limit
    $3::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":false,"priorities":"some","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "priority" = any ($2)
    )
  order by
    "created_at" desc,
    id desc
  limit
    $3::int
);

-- list [{"column":"created_at","descending":true,"after":false},{"trashed":true,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is not null
    )
  order by
    "created_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"created_at","descending":true,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("created_at", id) < ($2::timestamptz, $3::uuid)
    )
  order by
    "created_at" desc,
    id desc
  limit
    $4::int
);

-- list [{"column":"position","descending":false,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "position" asc,
    id asc
  limit
    $2::int
);

-- list [{"column":"position","descending":false,"after":false},{"trashed":false,"lists":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "list_id" = $2
    )
  order by
    "position" asc,
    id asc
  limit
    $3::int
);

-- list [{"column":"position","descending":false,"after":false},{"trashed":false,"parents":"one","isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "parent_id" = $2
    )
  order by
    "position" asc,
    id asc
  limit
    $3::int
);

-- list [{"column":"position","descending":false,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("position", id) > ($2::text, $3::uuid)
    )
  order by
    "position" asc,
    id asc
  limit
    $4::int
);

-- list [{"column":"position","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "position" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"position","descending":true,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("position", id) < ($2::text, $3::uuid)
    )
  order by
    "position" desc,
    id desc
  limit
    $4::int
);

-- list [{"column":"priority","descending":false,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "priority" asc,
    id asc
  limit
    $2::int
);

-- list [{"column":"priority","descending":false,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("priority", id) > ($2::smallint, $3::uuid)
    )
  order by
    "priority" asc,
    id asc
  limit
    $4::int
);

-- list [{"column":"priority","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "priority" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"priority","descending":true,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("priority", id) < ($2::smallint, $3::uuid)
    )
  order by
    "priority" desc,
    id desc
  limit
    $4::int
);

-- list [{"column":"title_key","descending":false,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":false,"isLookedUp":false}]
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  title_key
from
  (
    select
      *,
      sum(octet_length(description)) over (
        order by
          "title_key" asc,
          id asc rows unbounded preceding
      ) - coalesce(octet_length(description), 0) as bytes_before
    from
      (
        (
          select
            "task"."id",
            "task"."title",
            "task"."description",
            "task"."completed_at",
            "task"."priority",
            "task"."due_date",
            "task"."due_at",
            "task"."list_id",
            "task"."parent_id",
            "task"."recurrence",
            "task"."series_id",
            "task"."position",
            "task"."tags",
            "task"."created_at",
            "task"."updated_at",
            "task"."version",
            title_key
          from
            task
          where
            (
              "owner_id" = $1
              and "deleted_at" is null
            )
          order by
            "title_key" asc,
            id asc
          limit
            $2::int
        )
      ) as page
  ) as task
where
  coalesce(bytes_before, 0) < 2097152
order by
  "title_key" asc,
  id asc;

-- list [{"column":"title_key","descending":false,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version",
    title_key
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "title_key" asc,
    id asc
  limit
    $2::int
);

-- list [{"column":"title_key","descending":false,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version",
    title_key
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("title_key", id) > ($2::text, $3::uuid)
    )
  order by
    "title_key" asc,
    id asc
  limit
    $4::int
);

-- list [{"column":"title_key","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version",
    title_key
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "title_key" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"title_key","descending":true,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version",
    title_key
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("title_key", id) < ($2::text, $3::uuid)
    )
  order by
    "title_key" desc,
    id desc
  limit
    $4::int
);

-- list [{"column":"updated_at","descending":false,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "updated_at" asc,
    id asc
  limit
    $2::int
);

-- list [{"column":"updated_at","descending":false,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("updated_at", id) > ($2::timestamptz, $3::uuid)
    )
  order by
    "updated_at" asc,
    id asc
  limit
    $4::int
);

-- list [{"column":"updated_at","descending":true,"after":false},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
    )
  order by
    "updated_at" desc,
    id desc
  limit
    $2::int
);

-- list [{"column":"updated_at","descending":true,"after":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and ("updated_at", id) < ($2::timestamptz, $3::uuid)
    )
  order by
    "updated_at" desc,
    id desc
  limit
    $4::int
);

-- list [{"descending":false,"isDated":false,"isUndated":true,"none":"task"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and "id" > $2
    )
  order by
    id asc
  limit
    $3::int
);

-- list [{"descending":false,"isDated":true,"isUndated":true,"day":"day","instant":"task"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
          and due_date > $2::date
        )
      order by
        "due_date" asc,
        id asc
      limit
        $3::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
          and ("due_at", id) > ($4::timestamptz, $5::uuid)
        )
      order by
        "due_at" asc,
        id asc
      limit
        $3::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $3::int
    )
  order by
    id asc
  limit
    $3::int
);

-- list [{"descending":false,"isDated":true,"isUndated":true,"day":"task","instant":"instant"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
          and ("due_date", id) > ($2::date, $3::uuid)
        )
      order by
        "due_date" asc,
        id asc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
          and due_at >= $5::timestamptz
        )
      order by
        "due_at" asc,
        id asc
      limit
        $4::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $4::int
    )
  order by
    id asc
  limit
    $4::int
);

-- list [{"descending":false,"isDated":true,"isUndated":true,"day":"task","instant":"task"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
          and ("due_date", id) > ($2::date, $3::uuid)
        )
      order by
        "due_date" asc,
        id asc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
          and ("due_at", id) > ($5::timestamptz, $3::uuid)
        )
      order by
        "due_at" asc,
        id asc
      limit
        $4::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $4::int
    )
  order by
    id asc
  limit
    $4::int
);

-- list [{"descending":false,"isDated":true,"isUndated":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
        )
      order by
        "due_date" asc,
        id asc
      limit
        $2::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
        )
      order by
        "due_at" asc,
        id asc
      limit
        $2::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $2::int
    )
  order by
    id asc
  limit
    $2::int
);

-- list [{"descending":false,"isDated":true,"isUndated":true},{"trashed":false,"isSearch":true,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  lookup as materialized (
    select
      task_lookup ($2, $3) as ids
  ),
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        lookup,
        unnest(ids) as match (match_id),
        lateral (
          select
            *
          from
            task
          where
            (
              "owner_id" = $1
              and "deleted_at" is null
              and "due_date" is not null
            )
            and id = match_id
          offset
            0
        ) as task
      order by
        "due_date" asc,
        id asc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        (
          select
            *
          from
            task
          where
            (
              "owner_id" = $1
              and "deleted_at" is null
              and "due_date" is not null
            )
          order by
            "due_date" asc,
            id asc
          limit
            1000000000::bigint * $4::int
        ) as task
      where
        terms @@ (
          select
            task_wanted ($1, $2, $3)
        )
        and (
          select
            ids is null
          from
            lookup
        )
      order by
        "due_date" asc,
        id asc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        lookup,
        unnest(ids) as match (match_id),
        lateral (
          select
            *
          from
            task
          where
            (
              "owner_id" = $1
              and "deleted_at" is null
              and "due_at" is not null
            )
            and id = match_id
          offset
            0
        ) as task
      order by
        "due_at" asc,
        id asc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        (
          select
            *
          from
            task
          where
            (
              "owner_id" = $1
              and "deleted_at" is null
              and "due_at" is not null
            )
          order by
            "due_at" asc,
            id asc
          limit
            1000000000::bigint * $4::int
        ) as task
      where
        terms @@ (
          select
            task_wanted ($1, $2, $3)
        )
        and (
          select
            ids is null
          from
            lookup
        )
      order by
        "due_at" asc,
        id asc
      limit
        $4::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    lookup,
    unnest(ids) as match (match_id),
    lateral (
      select
        *
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is null
          and "due_at" is null
          and (
            select
              count(*)
            from
              dated
          ) < $4::int
        )
        and id = match_id
      offset
        0
    ) as task
  order by
    id asc
  limit
    $4::int
)
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    (
      select
        *
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is null
          and "due_at" is null
          and (
            select
              count(*)
            from
              dated
          ) < $4::int
        )
      order by
        id asc
      limit
        1000000000::bigint * $4::int
    ) as task
  where
    terms @@ (
      select
        task_wanted ($1, $2, $3)
    )
    and (
      select
        ids is null
      from
        lookup
    )
  order by
    id asc
  limit
    $4::int
);

-- list [{"descending":true,"isDated":false,"isUndated":true,"none":"task"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and "id" < $2
    )
  order by
    id desc
  limit
    $3::int
);

-- list [{"descending":true,"isDated":true,"isUndated":true,"day":"day","instant":"task"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
          and due_date <= $2::date
        )
      order by
        "due_date" desc,
        id desc
      limit
        $3::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
          and ("due_at", id) < ($4::timestamptz, $5::uuid)
        )
      order by
        "due_at" desc,
        id desc
      limit
        $3::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $3::int
    )
  order by
    id desc
  limit
    $3::int
);

-- list [{"descending":true,"isDated":true,"isUndated":true,"day":"task","instant":"instant"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
          and ("due_date", id) < ($2::date, $3::uuid)
        )
      order by
        "due_date" desc,
        id desc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
          and due_at < $5::timestamptz
        )
      order by
        "due_at" desc,
        id desc
      limit
        $4::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $4::int
    )
  order by
    id desc
  limit
    $4::int
);

-- list [{"descending":true,"isDated":true,"isUndated":true,"day":"task","instant":"task"},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
          and ("due_date", id) < ($2::date, $3::uuid)
        )
      order by
        "due_date" desc,
        id desc
      limit
        $4::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
          and ("due_at", id) < ($5::timestamptz, $3::uuid)
        )
      order by
        "due_at" desc,
        id desc
      limit
        $4::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $4::int
    )
  order by
    id desc
  limit
    $4::int
);

-- list [{"descending":true,"isDated":true,"isUndated":true},{"trashed":false,"isSearch":false,"dueBefore":false,"dueAfter":false,"isAlwaysFitting":true,"isLookedUp":false}]
with
  dated as materialized (
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_date" is not null
        )
      order by
        "due_date" desc,
        id desc
      limit
        $2::int
    )
    union all
    (
      select
        "task"."id",
        "task"."title",
        "task"."description",
        "task"."completed_at",
        "task"."priority",
        "task"."due_date",
        "task"."due_at",
        "task"."list_id",
        "task"."parent_id",
        "task"."recurrence",
        "task"."series_id",
        "task"."position",
        "task"."tags",
        "task"."created_at",
        "task"."updated_at",
        "task"."version"
      from
        task
      where
        (
          "owner_id" = $1
          and "deleted_at" is null
          and "due_at" is not null
        )
      order by
        "due_at" desc,
        id desc
      limit
        $2::int
    )
  )
select
  *
from
  dated
union all
(
  select
    "task"."id",
    "task"."title",
    "task"."description",
    "task"."completed_at",
    "task"."priority",
    "task"."due_date",
    "task"."due_at",
    "task"."list_id",
    "task"."parent_id",
    "task"."recurrence",
    "task"."series_id",
    "task"."position",
    "task"."tags",
    "task"."created_at",
    "task"."updated_at",
    "task"."version"
  from
    task
  where
    (
      "owner_id" = $1
      and "deleted_at" is null
      and "due_date" is null
      and "due_at" is null
      and (
        select
          count(*)
        from
          dated
      ) < $2::int
    )
  order by
    id desc
  limit
    $2::int
);

-- list of a task
select
from
  list
where
  owner_id = $1
  and id = $2
  and deleted_at is null;

-- lock
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version"
from
  "task"
where
  owner_id = $1
  and deleted_at is null
  and id = any ($2::uuid[])
order by
  id
for update;

-- lock owner
select
  $1::text;

-- mark parent
update task
set
  has_subtasks = true
where
  owner_id = $1
  and id = $2
  and deleted_at is null
  and not has_subtasks;

-- move below
with
  below as materialized (
    with recursive
      found as (
        select
          id,
          1 as level
        from
          task
        where
          owner_id = $1
          and parent_id = $2
          and true
        union all
        select
          task.id,
          level + 1
        from
          found
          join task on owner_id = $1
          and parent_id = found.id
        where
          true
      )
    select
      id,
      level
    from
      found
  ),
  changed as (
    update task
    set
      list_id = $3::uuid,
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and id in (
        select
          id
        from
          below
      )
    returning
      id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.moved',
      changed.id,
      changed.version,
      $4::text,
      $5::text,
      (
        '{"list_id":' || json_build_array($6::text, $3::text)::text || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select;

-- page, list by createdAt
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  "created_at"
from
  "task"
where
  owner_id = $1
  and deleted_at is null
order by
  "created_at" asc,
  id asc
limit
  $2::int;

-- page, list by createdAt descending, after
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  "created_at"
from
  "task"
where
  owner_id = $1
  and deleted_at is null
  and ("created_at", id) < ($2::timestamptz(3), $3::uuid)
order by
  "created_at" desc,
  id desc
limit
  $4::int;

-- page, list, !parentId, listId by position, after
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  "position"
from
  "task"
where
  owner_id = $1
  and deleted_at is null
  and "parent_id" is null
  and "list_id" = $2::uuid
  and ("position", id) > ($3::text, $4::uuid)
order by
  "position" asc,
  id asc
limit
  $5::int;

-- page, list, parentId by position, after
select
  "task"."id",
  "task"."title",
  "task"."description",
  "task"."completed_at",
  "task"."priority",
  "task"."due_date",
  "task"."due_at",
  "task"."list_id",
  "task"."parent_id",
  "task"."recurrence",
  "task"."series_id",
  "task"."position",
  "task"."tags",
  "task"."created_at",
  "task"."updated_at",
  "task"."version",
  "position"
from
  "task"
where
  owner_id = $1
  and deleted_at is null
  and "parent_id" = $2::uuid
  and ("position", id) > ($3::text, $4::uuid)
order by
  "position" asc,
  id asc
limit
  $5::int;

-- parent
with recursive
  below as materialized (
    with recursive
      found as (
        select
          id,
          1 as level
        from
          task
        where
          owner_id = $1
          and parent_id = $2
          and true
        union all
        select
          task.id,
          level + 1
        from
          found
          join task on owner_id = $1
          and parent_id = found.id
        where
          true
      )
    select
      id,
      level
    from
      found
  ),
  ancestors as (
    select
      id,
      parent_id,
      list_id,
      1 as level
    from
      task
    where
      owner_id = $1
      and id = $3
      and deleted_at is null
    union all
    select
      task.id,
      task.parent_id,
      task.list_id,
      level + 1
    from
      ancestors
      join task on owner_id = $1
      and task.id = ancestors.parent_id
  )
select
  list_id,
  (
    select
      max(level)
    from
      ancestors
  ),
  exists (
    select
    from
      ancestors
    where
      id = $2::uuid
  ),
  (
    select
      coalesce(max(level), 0)
    from
      below
  )
from
  ancestors
where
  level = 1;

-- progress
select
  parent_id,
  count(*),
  count(completed_at)
from
  task
where
  owner_id = $1
  and parent_id = any ($2::uuid[])
  and deleted_at is null
group by
  parent_id;

-- remove alone
with
  deleted as (
    delete from "task"
    where
      owner_id = $1
      and id = $2
      and not has_subtasks
    returning
      id,
      version,
      "title",
      "description",
      "tags"
  ),
  counted as (
    insert into
      usage as kept (owner_id, slot, "tasks", "bytes")
    select
      $1,
      $3::smallint,
      "tasks",
      "bytes"
    from
      (
        select
          -1 * count(*)::int as tasks,
          - sum(task_bytes ("title", "description", "tags"))::bigint as bytes
        from
          deleted
        having
          count(*) > 0
      ) as added
    on conflict (owner_id, slot) do update
    set
      "tasks" = "kept"."tasks" + "excluded"."tasks",
      "bytes" = "kept"."bytes" + "excluded"."bytes"
    returning
      1
  ),
  changed as (
    select
      id,
      version
    from
      deleted,
      counted
  ),
  forgotten as (
    delete from change
    where
      owner_id = $1
      and id in (
        select
          id
        from
          changed
      )
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.removed',
      changed.id,
      changed.version,
      $4::text,
      $5::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  id
from
  changed;

-- remove any
with
  deleted as (
    delete from "task"
    where
      owner_id = $1
      and id = $2
    returning
      id,
      version,
      "title",
      "description",
      "tags"
  ),
  counted as (
    insert into
      usage as kept (owner_id, slot, "tasks", "bytes")
    select
      $1,
      $3::smallint,
      "tasks",
      "bytes"
    from
      (
        select
          -1 * count(*)::int as tasks,
          - sum(task_bytes ("title", "description", "tags"))::bigint as bytes
        from
          deleted
        having
          count(*) > 0
      ) as added
    on conflict (owner_id, slot) do update
    set
      "tasks" = "kept"."tasks" + "excluded"."tasks",
      "bytes" = "kept"."bytes" + "excluded"."bytes"
    returning
      1
  ),
  changed as (
    select
      id,
      version
    from
      deleted,
      counted
  ),
  forgotten as (
    delete from change
    where
      owner_id = $1
      and id in (
        select
          id
        from
          changed
      )
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.removed',
      changed.id,
      changed.version,
      $4::text,
      $5::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  id
from
  changed;

-- remove below
with
  below as materialized (
    with recursive
      found as (
        select
          id,
          1 as level
        from
          task
        where
          owner_id = $1
          and parent_id = $2
          and true
        union all
        select
          task.id,
          level + 1
        from
          found
          join task on owner_id = $1
          and parent_id = found.id
        where
          true
      )
    select
      id,
      level
    from
      found
  ),
  deleted as (
    delete from task
    where
      owner_id = $1
      and id in (
        select
          id
        from
          below
      )
    returning
      id,
      version,
      title,
      description,
      tags
  ),
  counted as (
    insert into
      usage as kept (owner_id, slot, "tasks", "bytes")
    select
      $1,
      $3::smallint,
      "tasks",
      "bytes"
    from
      (
        select
          -1 * count(*)::int as tasks,
          - sum(task_bytes (title, description, tags))::bigint as bytes
        from
          deleted
        having
          count(*) > 0
      ) as added
    on conflict (owner_id, slot) do update
    set
      "tasks" = "kept"."tasks" + "excluded"."tasks",
      "bytes" = "kept"."bytes" + "excluded"."bytes"
    returning
      1
  ),
  changed as (
    select
      id,
      version
    from
      deleted,
      counted
  ),
  forgotten as (
    delete from change
    where
      owner_id = $1
      and id in (
        select
          id
        from
          changed
      )
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.removed',
      changed.id,
      changed.version,
      $4::text,
      $5::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select;

-- restore alone
with
  changed as (
    update "task"
    set
      deleted_at = null,
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and deleted_at is not null
      and id = $2
      and not has_subtasks
      and list_id is null
      and parent_id is null
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.restored',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- restore any
with
  changed as (
    update "task"
    set
      deleted_at = null,
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and deleted_at is not null
      and id = $2
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.restored',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- restore below
with
  below as materialized (
    with recursive
      found as (
        select
          id,
          parent_id as root
        from
          task
        where
          owner_id = $1
          and parent_id = any ($2::uuid[])
          and trashed_with = parent_id
        union all
        select
          task.id,
          root
        from
          found
          join task on owner_id = $1
          and parent_id = found.id
        where
          trashed_with = root
      )
    select
      id,
      root
    from
      found
  ),
  changed as (
    update task
    set
      deleted_at = null,
      trashed_with = null,
      version = version + 1,
      updated_at = now()
    from
      below
    where
      owner_id = $1
      and task.id = below.id
      and trashed_with = root
    returning
      task.id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.restored',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select;

-- series
select
  id,
  recurrence,
  next_task_id
from
  task
where
  owner_id = $1
  and id = any ($2::uuid[])
  and recurrence is not null;

-- set next
update task
set
  next_task_id = next
from
  json_to_recordset($2) as input (id uuid, next uuid)
where
  owner_id = $1
  and task.id = input.id;

-- trash alone
with
  changed as (
    update "task"
    set
      deleted_at = now(),
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and not has_subtasks
    returning
      id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.trashed',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  id
from
  changed;

-- trash any
with
  changed as (
    update "task"
    set
      deleted_at = now(),
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
    returning
      id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.trashed',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  id
from
  changed;

-- trash below
with
  below as materialized (
    with recursive
      found as (
        select
          id,
          parent_id as root
        from
          task
        where
          owner_id = $1
          and parent_id = any ($2::uuid[])
          and deleted_at is null
        union all
        select
          task.id,
          root
        from
          found
          join task on owner_id = $1
          and parent_id = found.id
        where
          deleted_at is null
      )
    select
      id,
      root
    from
      found
  ),
  changed as (
    update task
    set
      deleted_at = now(),
      trashed_with = root,
      version = version + 1,
      updated_at = now()
    from
      below
    where
      owner_id = $1
      and task.id = below.id
      and deleted_at is null
    returning
      task.id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.trashed',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select;

-- trash many alone
with
  changed as (
    update "task"
    set
      deleted_at = now(),
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and deleted_at is null
      and id = any ($2::uuid[])
      and not has_subtasks
    returning
      id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.trashed',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  id
from
  changed;

-- trash many any
with
  changed as (
    update "task"
    set
      deleted_at = now(),
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and deleted_at is null
      and id = any ($2::uuid[])
    returning
      id,
      version
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      'task.trashed',
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  id
from
  changed;

-- update alone: completed
with
  previous as (
    select
      id as was_id,
      "completed_at" as "was_completed_at",
      coalesce(completed_at, now()) as new_value
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and recurrence is null
      and (completed_at is null)
    for update
  ),
  changed as (
    update "task"
    set
      "completed_at" = new_value,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_completed_at"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update alone: reopened
with
  previous as (
    select
      id as was_id,
      "completed_at" as "was_completed_at",
      null::timestamptz as new_value
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and recurrence is null
      and (completed_at is not null)
    for update
  ),
  changed as (
    update "task"
    set
      "completed_at" = new_value,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_completed_at"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update alone: toggled
with
  previous as (
    select
      id as was_id,
      "completed_at" as "was_completed_at",
      case
        when completed_at is null then now()
      end as new_value
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and recurrence is null
      and (true)
    for update
  ),
  changed as (
    update "task"
    set
      "completed_at" = new_value,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_completed_at"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update any: completed
with
  previous as (
    select
      id as was_id,
      "completed_at" as "was_completed_at",
      coalesce(completed_at, now()) as new_value
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and (completed_at is null)
    for update
  ),
  changed as (
    update "task"
    set
      "completed_at" = new_value,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_completed_at"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update any: priority if-match
with
  previous as (
    select
      id as was_id,
      "priority" as "was_priority"
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and version = any ($3)
      and ("priority" is distinct from $4)
    for update
  ),
  changed as (
    update "task"
    set
      "priority" = $4,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_priority"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.updated',
      changed.id,
      changed.version,
      $5::text,
      $6::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_priority" is distinct from "changed"."priority" then '"priority":' || json_build_array("was_priority"::text, "changed"."priority"::text)::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update any: priority if-none-match-*
with
  previous as (
    select
      id as was_id,
      "priority" as "was_priority"
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and version < 0
      and ("priority" is distinct from $3)
    for update
  ),
  changed as (
    update "task"
    set
      "priority" = $3,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_priority"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.updated',
      changed.id,
      changed.version,
      $4::text,
      $5::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_priority" is distinct from "changed"."priority" then '"priority":' || json_build_array("was_priority"::text, "changed"."priority"::text)::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update any: reopened
with
  previous as (
    select
      id as was_id,
      "completed_at" as "was_completed_at",
      null::timestamptz as new_value
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and (completed_at is not null)
    for update
  ),
  changed as (
    update "task"
    set
      "completed_at" = new_value,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_completed_at"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update any: title
with
  previous as (
    select
      id as was_id,
      "title" as "was_title",
      0 as tasks,
      task_bytes ($2::text, "description", "tags") - task_bytes ("title", "description", "tags") as bytes
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $3
      and ("title" is distinct from $2)
    for update
  ),
  added as (
    select
      tasks,
      bytes
    from
      previous
  ),
  counted as (
    update usage
    set
      tasks = usage.tasks + added.tasks,
      bytes = usage.bytes + added.bytes
    from
      added
    where
      owner_id = $1
      and slot = $4
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $5
        and byte_quota = $6
      )
    returning
      1
  ),
  changed as (
    update "task"
    set
      "title" = $2,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
      and (
        bytes = 0
        or exists (
          select
          from
            counted
        )
      )
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_title"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      'task.updated',
      changed.id,
      changed.version,
      $7::text,
      $8::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_title" is distinct from "changed"."title" then '"title":' || json_build_array("was_title"::text, "changed"."title"::text)::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  previous
  left join changed on true;

-- update any: title, description, priority, dueDate, dueAt, tags, listId, parentId if-none-match
with
  previous as (
    select
      id as was_id,
      "title" as "was_title",
      "description" as "was_description",
      "priority" as "was_priority",
      "due_date" as "was_due_date",
      "due_at" as "was_due_at",
      "tags" as "was_tags",
      "list_id" as "was_list_id",
      "parent_id" as "was_parent_id",
      0 as tasks,
      task_bytes ($2::text, $3::text, $4::text[]) - task_bytes ("title", "description", "tags") as bytes
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $5
      and version <> all ($6)
      and (
        "title" is distinct from $2
        or "description" is distinct from $3
        or "priority" is distinct from $7
        or "due_date" is distinct from $8
        or "due_at" is distinct from $9
        or "tags" is distinct from $4
        or "list_id" is distinct from $10
        or "parent_id" is distinct from $11
      )
    for update
  ),
  added as (
    select
      tasks,
      bytes
    from
      previous
  ),
  counted as (
    update usage
    set
      tasks = usage.tasks + added.tasks,
      bytes = usage.bytes + added.bytes
    from
      added
    where
      owner_id = $1
      and slot = $12
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $13
        and byte_quota = $14
      )
    returning
      1
  ),
  changed as (
    update "task"
    set
      "title" = $2,
      "description" = $3,
      "priority" = $7,
      "due_date" = $8,
      "due_at" = $9,
      "tags" = $4,
      "list_id" = $10,
      "parent_id" = $11,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
      and (
        bytes = 0
        or exists (
          select
          from
            counted
        )
      )
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_title",
      "was_description",
      "was_priority",
      "was_due_date",
      "was_due_at",
      "was_tags",
      "was_list_id",
      "was_parent_id"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_list_id" is distinct from "changed"."list_id"
          or "was_parent_id" is distinct from "changed"."parent_id"
        ) then 'task.moved'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $15::text,
      $16::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_title" is distinct from "changed"."title" then '"title":' || json_build_array("was_title"::text, "changed"."title"::text)::text
          end,
          case
            when "was_description" is distinct from "changed"."description" then '"description":' || json_build_array(
              "was_description"::text,
              "changed"."description"::text
            )::text
          end,
          case
            when "was_priority" is distinct from "changed"."priority" then '"priority":' || json_build_array("was_priority"::text, "changed"."priority"::text)::text
          end,
          case
            when "was_due_date" is distinct from "changed"."due_date" then '"due_date":' || json_build_array("was_due_date"::text, "changed"."due_date"::text)::text
          end,
          case
            when "was_due_at" is distinct from "changed"."due_at" then '"due_at":' || json_build_array("was_due_at"::text, "changed"."due_at"::text)::text
          end,
          case
            when "was_tags" is distinct from "changed"."tags" then '"tags":' || json_build_array("was_tags"::text, "changed"."tags"::text)::text
          end,
          case
            when "was_list_id" is distinct from "changed"."list_id" then '"list_id":' || json_build_array("was_list_id"::text, "changed"."list_id"::text)::text
          end,
          case
            when "was_parent_id" is distinct from "changed"."parent_id" then '"parent_id":' || json_build_array(
              "was_parent_id"::text,
              "changed"."parent_id"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  previous
  left join changed on true;

-- update any: toggled
with
  previous as (
    select
      id as was_id,
      "completed_at" as "was_completed_at",
      case
        when completed_at is null then now()
      end as new_value
    from
      "task"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and (true)
    for update
  ),
  changed as (
    update "task"
    set
      "completed_at" = new_value,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_completed_at"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      1
    from
      changed
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq,
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $3::text,
      $4::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- update many position
with
  input as materialized (
    select
      *
    from
      json_to_recordset($2) as input ("id" uuid, "position" text)
  ),
  previous as (
    select
      id as was_id,
      "position" as "was_position"
    from
      "task"
    where
      owner_id = $1
      and id in (
        select
          id
        from
          input
      )
  ),
  added as (
    select
      0 as tasks,
      coalesce(
        sum(
          task_bytes (
            "task"."title",
            "task"."description",
            "task"."tags"
          ) - task_bytes (
            "task"."title",
            "task"."description",
            "task"."tags"
          )
        ),
        0
      ) as bytes
    from
      input,
      "task"
    where
      "task".owner_id = $1
      and "task".id = input.id
      and "task".deleted_at is null
  ),
  counted as (
    update usage
    set
      tasks = usage.tasks + added.tasks,
      bytes = usage.bytes + added.bytes
    from
      added
    where
      owner_id = $1
      and slot = $3
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $4
        and byte_quota = $5
      )
    returning
      1
  ),
  changed as (
    update "task"
    set
      "position" = input."position",
      version = version + 1,
      updated_at = now()
    from
      input
      join previous on was_id = input.id
    where
      "task".owner_id = $1
      and "task".id = input.id
      and "task".deleted_at is null
      and (
        (
          select
            bytes
          from
            added
        ) = 0
        or exists (
          select
          from
            counted
        )
      )
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_position"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      case
        when (
          "was_position" is distinct from "changed"."position"
        ) then 'task.moved'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $6::text,
      $7::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_position" is distinct from "changed"."position" then '"position":' || json_build_array("was_position"::text, "changed"."position"::text)::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version",
  added.bytes
from
  added
  left join changed on true;

-- update many title, description, priority, dueDate, dueAt, tags, listId, parentId, completedAt
with
  input as materialized (
    select
      *
    from
      json_to_recordset($2) as input (
        "id" uuid,
        "title" text,
        "description" text,
        "priority" smallint,
        "due_date" date,
        "due_at" timestamptz(3),
        "tags" text[],
        "list_id" uuid,
        "parent_id" uuid,
        "completed_at" timestamptz(3)
      )
  ),
  previous as (
    select
      id as was_id,
      "title" as "was_title",
      "description" as "was_description",
      "completed_at" as "was_completed_at",
      "priority" as "was_priority",
      "due_date" as "was_due_date",
      "due_at" as "was_due_at",
      "tags" as "was_tags",
      "list_id" as "was_list_id",
      "parent_id" as "was_parent_id"
    from
      "task"
    where
      owner_id = $1
      and id in (
        select
          id
        from
          input
      )
  ),
  added as (
    select
      0 as tasks,
      coalesce(
        sum(
          task_bytes (input."title", input."description", input."tags") - task_bytes (
            "task"."title",
            "task"."description",
            "task"."tags"
          )
        ),
        0
      ) as bytes
    from
      input,
      "task"
    where
      "task".owner_id = $1
      and "task".id = input.id
      and "task".deleted_at is null
  ),
  counted as (
    update usage
    set
      tasks = usage.tasks + added.tasks,
      bytes = usage.bytes + added.bytes
    from
      added
    where
      owner_id = $1
      and slot = $3
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $4
        and byte_quota = $5
      )
    returning
      1
  ),
  changed as (
    update "task"
    set
      "title" = input."title",
      "description" = input."description",
      "priority" = input."priority",
      "due_date" = input."due_date",
      "due_at" = input."due_at",
      "tags" = input."tags",
      "list_id" = input."list_id",
      "parent_id" = input."parent_id",
      "completed_at" = input."completed_at",
      version = version + 1,
      updated_at = now()
    from
      input
      join previous on was_id = input.id
    where
      "task".owner_id = $1
      and "task".id = input.id
      and "task".deleted_at is null
      and (
        (
          select
            bytes
          from
            added
        ) = 0
        or exists (
          select
          from
            counted
        )
      )
    returning
      "task"."id",
      "task"."title",
      "task"."description",
      "task"."completed_at",
      "task"."priority",
      "task"."due_date",
      "task"."due_at",
      "task"."list_id",
      "task"."parent_id",
      "task"."recurrence",
      "task"."series_id",
      "task"."position",
      "task"."tags",
      "task"."created_at",
      "task"."updated_at",
      "task"."version",
      was_id,
      "was_title",
      "was_description",
      "was_completed_at",
      "was_priority",
      "was_due_date",
      "was_due_at",
      "was_tags",
      "was_list_id",
      "was_parent_id"
  ),
  counter as (
    insert into
      change_counter as kept (owner_id, seq)
    select
      $1,
      count(*)
    from
      changed
    having
      count(*) > 0
    on conflict (owner_id) do update
    set
      seq = kept.seq + excluded.seq
    returning
      seq
  ),
  logged as (
    insert into
      change (
        owner_id,
        seq,
        type,
        id,
        version,
        actor_type,
        actor_name,
        changes
      )
    select
      $1,
      counter.seq + 1 - row_number() over (
        order by
          changed.id desc
      ),
      case
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        )
        and changed.completed_at is not null then 'task.completed'
        when (
          "was_completed_at" is distinct from "changed"."completed_at"
        ) then 'task.reopened'
        when (
          "was_list_id" is distinct from "changed"."list_id"
          or "was_parent_id" is distinct from "changed"."parent_id"
        ) then 'task.moved'
        else 'task.updated'
      end,
      changed.id,
      changed.version,
      $6::text,
      $7::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_title" is distinct from "changed"."title" then '"title":' || json_build_array("was_title"::text, "changed"."title"::text)::text
          end,
          case
            when "was_description" is distinct from "changed"."description" then '"description":' || json_build_array(
              "was_description"::text,
              "changed"."description"::text
            )::text
          end,
          case
            when "was_completed_at" is distinct from "changed"."completed_at" then '"completed_at":' || json_build_array(
              "was_completed_at"::text,
              "changed"."completed_at"::text
            )::text
          end,
          case
            when "was_priority" is distinct from "changed"."priority" then '"priority":' || json_build_array("was_priority"::text, "changed"."priority"::text)::text
          end,
          case
            when "was_due_date" is distinct from "changed"."due_date" then '"due_date":' || json_build_array("was_due_date"::text, "changed"."due_date"::text)::text
          end,
          case
            when "was_due_at" is distinct from "changed"."due_at" then '"due_at":' || json_build_array("was_due_at"::text, "changed"."due_at"::text)::text
          end,
          case
            when "was_tags" is distinct from "changed"."tags" then '"tags":' || json_build_array("was_tags"::text, "changed"."tags"::text)::text
          end,
          case
            when "was_list_id" is distinct from "changed"."list_id" then '"list_id":' || json_build_array("was_list_id"::text, "changed"."list_id"::text)::text
          end,
          case
            when "was_parent_id" is distinct from "changed"."parent_id" then '"parent_id":' || json_build_array(
              "was_parent_id"::text,
              "changed"."parent_id"::text
            )::text
          end
        ) || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."title",
  "changed"."description",
  "changed"."completed_at",
  "changed"."priority",
  "changed"."due_date",
  "changed"."due_at",
  "changed"."list_id",
  "changed"."parent_id",
  "changed"."recurrence",
  "changed"."series_id",
  "changed"."position",
  "changed"."tags",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version",
  added.bytes
from
  added
  left join changed on true;
