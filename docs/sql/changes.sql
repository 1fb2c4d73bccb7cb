-- bounds
select
  seq,
  purged_seq
from
  change_counter
where
  owner_id = $1;

-- page
with
  scanned as (
    select
      seq,
      type,
      id,
      version,
      at
    from
      change
    where
      owner_id = $1
      and seq > $2::bigint
    order by
      seq
    limit
      2000
  ),
  latest as (
    select
      *
    from
      scanned
    where
      not exists (
        select
        from
          change as later
        where
          later.owner_id = $1
          and later.id = scanned.id
          and later.seq > scanned.seq
      )
    order by
      seq
    limit
      $3::int
  ),
  bounds as (
    select
      max(seq) as last,
      max(purged_seq) as purged
    from
      change_counter
    where
      owner_id = $1
  )
select
  bounds.last,
  bounds.purged,
  (
    select
      max(seq)
    from
      scanned
  ),
  (
    select
      count(*)
    from
      scanned
  ),
  latest.seq,
  latest.type,
  latest.id,
  latest.version,
  latest.at,
  case
    when task.id is not null then task.deleted_at is not null
  end,
  case
    when list.id is not null then list.deleted_at is not null
  end,
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
  "list"."id",
  "list"."name",
  "list"."color",
  "list"."position",
  "list"."archived",
  "list"."created_at",
  "list"."updated_at",
  "list"."version"
from
  bounds
  left join latest on true
  left join task on task.owner_id = $1
  and task.id = latest.id
  left join list on list.owner_id = $1
  and list.id = latest.id
order by
  latest.seq;
