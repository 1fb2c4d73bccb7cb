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
  "name",
  "color",
  "position",
  "archived",
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
  "list"
where
  owner_id = $1
  and id = $2;

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

-- export
select
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version",
  deleted_at is not null
from
  list
where
  owner_id = $1
  and id > $2::uuid
order by
  id
limit
  $3::int;

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
  ),
  changed as (
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
      "list"."version"
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
      'list.created',
      changed.id,
      changed.version,
      $10::text,
      $11::text,
      (null)::json
    from
      changed,
      counter
    returning
      seq
  )
select
  "changed"."id",
  "changed"."name",
  "changed"."color",
  "changed"."position",
  "changed"."archived",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

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
      version,
      "name"
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
          0 * count(*)::int as tasks,
          - sum(list_bytes ("name"))::bigint as bytes
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
      'list.removed',
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

-- restore alone
with
  changed as (
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
      "list"."version"
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
      'list.restored',
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
  "changed"."name",
  "changed"."color",
  "changed"."position",
  "changed"."archived",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;

-- tasks keep
with
  changed as (
    update task
    set
      list_id = null,
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and list_id = $2
      and trashed_with is distinct from list_id
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
      $3::text,
      $4::text,
      (
        '{"list_id":' || json_build_array($2::text, null::text)::text || '}'
      )::json
    from
      changed,
      counter
    returning
      seq
  )
select;

-- tasks remove
with
  doomed as materialized (
    with recursive
      found as (
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
          found
          join task on task.owner_id = $1
          and task.parent_id = found.id
      )
    select
      id
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
          doomed
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

-- tasks restore
with
  changed as (
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
      and trashed_with = list_id
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

-- tasks trash
with
  changed as (
    update task
    set
      deleted_at = now(),
      trashed_with = list_id,
      version = version + 1,
      updated_at = now()
    where
      owner_id = $1
      and list_id = $2
      and deleted_at is null
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
select;

-- trash alone
with
  changed as (
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
      'list.trashed',
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

-- update any: name, color, archived if-match
with
  previous as (
    select
      id as was_id,
      "name" as "was_name",
      "color" as "was_color",
      "archived" as "was_archived",
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
      "list"."id",
      "list"."name",
      "list"."color",
      "list"."position",
      "list"."archived",
      "list"."created_at",
      "list"."updated_at",
      "list"."version",
      was_id,
      "was_name",
      "was_color",
      "was_archived"
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
      'list.updated',
      changed.id,
      changed.version,
      $10::text,
      $11::text,
      (
        '{' || concat_ws(
          ',',
          case
            when "was_name" is distinct from "changed"."name" then '"name":' || json_build_array("was_name"::text, "changed"."name"::text)::text
          end,
          case
            when "was_color" is distinct from "changed"."color" then '"color":' || json_build_array("was_color"::text, "changed"."color"::text)::text
          end,
          case
            when "was_archived" is distinct from "changed"."archived" then '"archived":' || json_build_array("was_archived"::text, "changed"."archived"::text)::text
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
  "changed"."name",
  "changed"."color",
  "changed"."position",
  "changed"."archived",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  previous
  left join changed on true;

-- update any: position
with
  previous as (
    select
      id as was_id,
      "position" as "was_position"
    from
      "list"
    where
      owner_id = $1
      and deleted_at is null
      and id = $2
      and ("position" is distinct from $3)
    for update
  ),
  changed as (
    update "list"
    set
      "position" = $3,
      version = version + 1,
      updated_at = now()
    from
      previous
    where
      owner_id = $1
      and id = was_id
    returning
      "list"."id",
      "list"."name",
      "list"."color",
      "list"."position",
      "list"."archived",
      "list"."created_at",
      "list"."updated_at",
      "list"."version",
      was_id,
      "was_position"
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
          "was_position" is distinct from "changed"."position"
        ) then 'list.moved'
        else 'list.updated'
      end,
      changed.id,
      changed.version,
      $4::text,
      $5::text,
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
  "changed"."name",
  "changed"."color",
  "changed"."position",
  "changed"."archived",
  "changed"."created_at",
  "changed"."updated_at",
  "changed"."version"
from
  changed;
