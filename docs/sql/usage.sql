-- allot all
with
  total as (
    select
      $2::bigint - sum(tasks) as free_tasks,
      $3::bigint - sum(bytes)::bigint as free_bytes,
      count(*) as slots
    from
      usage
    where
      owner_id = $1
  )
update usage
set
  task_limit = tasks + case
    when slot = 0 then greatest(free_tasks, 0)
    else 0
  end,
  task_quota = $2,
  byte_limit = bytes + case
    when slot = 0 then greatest(free_bytes, 0)
    else 0
  end,
  byte_quota = $3
from
  total
where
  owner_id = $1
returning
  free_tasks,
  free_bytes;

-- allot evenly
with
  total as (
    select
      $2::bigint - sum(tasks) as free_tasks,
      $3::bigint - sum(bytes)::bigint as free_bytes,
      count(*) as slots
    from
      usage
    where
      owner_id = $1
  )
update usage
set
  task_limit = tasks + greatest(free_tasks, 0) / slots,
  task_quota = $2,
  byte_limit = bytes + greatest(free_bytes, 0) / slots,
  byte_quota = $3
from
  total
where
  owner_id = $1
returning
  free_tasks,
  free_bytes;

-- ensure slots
insert into
  usage (owner_id, slot)
select
  $1,
  slot
from
  generate_series(0, 15) as slot
order by
  slot
on conflict do nothing;

-- lock slots
select
  slot
from
  usage
where
  owner_id = $1
order by
  slot
for update;
