-- find
select
  encode(fingerprint, 'hex'),
  status,
  headers,
  body
from
  idempotency_key
where
  owner_id = $1
  and key = $2
  and created_at >= now() - interval '24 hours';

-- lock
select
  pg_try_advisory_xact_lock(hashtextextended ($2, hashtextextended ($1, 0)));

-- store
with
  replaced as (
    select
      response_bytes (key, headers, body) as bytes
    from
      idempotency_key
    where
      owner_id = $1
      and key = $2
  ),
  added as (
    select
      1 - count(*) as responses,
      response_bytes ($2, $3::json, $4::json) - coalesce(sum(bytes), 0) as bytes
    from
      replaced
  ),
  used as (
    select
      coalesce(sum(responses), 0) as responses,
      coalesce(sum(response_bytes), 0) as bytes
    from
      usage
    where
      owner_id = $1
  ),
  counted as (
    insert into
      usage as kept (owner_id, slot, "responses", "response_bytes")
    select
      $1,
      $5::smallint,
      "responses",
      "response_bytes"
    from
      (
        select
          added.responses,
          added.bytes as response_bytes
        from
          added,
          used
        where
          added.responses + used.responses <= 100000
          and added.bytes + used.bytes <= 50000000
      ) as added
    on conflict (owner_id, slot) do update
    set
      "responses" = "kept"."responses" + "excluded"."responses",
      "response_bytes" = "kept"."response_bytes" + "excluded"."response_bytes"
    returning
      1
  )
insert into
  idempotency_key as kept (owner_id, key, fingerprint, status, headers, body)
select
  $1,
  $2,
  decode($6, 'hex'),
  $7::smallint,
  $3::json,
  $4::json
from
  counted
on conflict (owner_id, key) do update
set
  fingerprint = excluded.fingerprint,
  status = excluded.status,
  headers = excluded.headers,
  body = excluded.body,
  created_at = excluded.created_at
where
  kept.owner_id = excluded.owner_id
returning
  key;
