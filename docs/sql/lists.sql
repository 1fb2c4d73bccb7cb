-- count tasks
select
  list_id,
  count(*) - count(completed_at),
  count(completed_at)
from
  task
where
  owner_id = $1
  and list_id = any ($2::uuid[])
  and deleted_at is null
group by
  list_id;

-- count, list, archived
select
  count(*)
from
  "list"
where
  owner_id = $1
  and deleted_at is null
  and "archived" = $2::boolean;

-- find, anywhere
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version"
from
  "list"
where
  owner_id = $1
  and id = $2;

-- find, list
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version"
from
  "list"
where
  owner_id = $1
  and deleted_at is null
  and id = $2;

-- find, trash
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version"
from
  "list"
where
  owner_id = $1
  and deleted_at is not null
  and id = $2;

-- insert one: name, color, archived, position
with
  added as (
    select
      0 as tasks,
      list_bytes ($2::text) as bytes
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
  )
insert into
  "list" (
    owner_id,
    "id",
    "name",
    "color",
    "archived",
    "position"
  )
select
  $1,
  "id",
  "name",
  "color",
  "archived",
  "position"
from
  (
    values
      (
        $6::uuid,
        $2::text,
        $7::text,
        $8::boolean,
        $9::text
      )
  ) as input ("id", "name", "color", "archived", "position")
where
  exists (
    select
    from
      counted
  )
returning
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version";

-- page, list, archived by createdAt
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version",
  "created_at"
from
  "list"
where
  owner_id = $1
  and deleted_at is null
  and "archived" = $2::boolean
order by
  "created_at" asc,
  id asc
limit
  $3::int;

-- page, list, archived by nameKey
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version",
  "name_key"
from
  "list"
where
  owner_id = $1
  and deleted_at is null
  and "archived" = $2::boolean
order by
  "name_key" asc,
  id asc
limit
  $3::int;

-- page, list, archived by position
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version",
  "position"
from
  "list"
where
  owner_id = $1
  and deleted_at is null
  and "archived" = $2::boolean
order by
  "position" asc,
  id asc
limit
  $3::int;

-- remove alone
with
  deleted as (
    delete from "list"
    where
      owner_id = $1
      and id = $2
    returning
      id,
      list_bytes ("name") as bytes
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
          0 as tasks,
          - bytes as bytes
        from
          deleted
      ) as added
    on conflict (owner_id, slot) do update
    set
      "tasks" = "kept"."tasks" + "excluded"."tasks",
      "bytes" = "kept"."bytes" + "excluded"."bytes"
    returning
      1
  )
select
  id
from
  deleted;

-- restore alone
update "list"
set
  deleted_at = null,
  version = version + 1,
  updated_at = now()
where
  owner_id = $1
  and deleted_at is not null
  and id = $2
returning
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version";

-- tasks keep
update task
set
  list_id = null,
  version = version + 1,
  updated_at = now()
where
  owner_id = $1
  and list_id = $2
  and trashed_with is distinct from list_id;

-- tasks remove
with recursive
  doomed as (
    select
      id
    from
      task
    where
      owner_id = $1
      and list_id = $2
      and (
        deleted_at is null
        or trashed_with = $2
      )
    union
    select
      task.id
    from
      doomed
      join task on task.owner_id = $1
      and task.parent_id = doomed.id
  ),
  deleted as (
    delete from task
    where
      owner_id = $1
      and id in (
        select
          id
        from
          doomed
      )
    returning
      task_bytes (title, description, tags) as bytes
  )
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
      - count(*)::int as tasks,
      - coalesce(sum(bytes), 0)::bigint as bytes
    from
      deleted
  ) as added
on conflict (owner_id, slot) do update
set
  "tasks" = "kept"."tasks" + "excluded"."tasks",
  "bytes" = "kept"."bytes" + "excluded"."bytes"
returning
  1;

-- tasks restore
update task
set
  deleted_at = null,
  trashed_with = null,
  version = version + 1,
  updated_at = now()
where
  owner_id = $1
  and list_id = $2
  and deleted_at is not null
  and trashed_with = list_id;

-- tasks trash
update task
set
  deleted_at = now(),
  trashed_with = list_id,
  version = version + 1,
  updated_at = now()
where
  owner_id = $1
  and list_id = $2
  and deleted_at is null;

-- trash alone
update "list"
set
  deleted_at = now(),
  version = version + 1,
  updated_at = now()
where
  owner_id = $1
  and deleted_at is null
  and id = $2
returning
  id;

-- update any name, color, archived if-match
with
  previous as (
    select
      id as previous_id,
      0 as tasks,
      list_bytes ($2::text) - list_bytes ("name") as bytes
    from
      "list"
    where
      owner_id = $1
      and deleted_at is null
      and id = $3
      and version = any ($4)
      and (
        "name" is distinct from $2
        or "color" is distinct from $5
        or "archived" is distinct from $6
      )
    for update
  ),
  added as (
    select
      *
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
      and slot = $7
      and (
        added.tasks <> 0
        or added.bytes <> 0
      )
      and (
        added.tasks <= 0
        and added.bytes <= 0
        or usage.tasks + added.tasks <= task_limit
        and usage.bytes + added.bytes <= byte_limit
        and task_quota = $8
        and byte_quota = $9
      )
    returning
      1
  ),
  changed as (
    update "list"
    set
      "name" = $2,
      "color" = $5,
      "archived" = $6,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = previous_id
      and (
        bytes = 0
        or exists (
          select
          from
            counted
        )
      )
    returning
      "list"."id",
      "list"."name",
      "list"."color",
      "list"."position",
      "list"."archived",
      "list"."created_at",
      "list"."updated_at",
      "list"."version"
  )
select
  changed.*
from
  previous
  left join changed on true;

-- update any position
update "list"
set
  "position" = $2,
  version = version + 1,
  updated_at = now()
where
  owner_id = $1
  and deleted_at is null
  and id = $3
  and ("position" is distinct from $2)
returning
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version";
