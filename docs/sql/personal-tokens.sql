-- find by hash
select
  "id",
  "name",
  "scopes",
  "created_at",
  "expires_at",
  "last_used_on"
from
  personal_token
where
  owner_id = $1
  and hash = decode($2, 'hex');

-- insert
insert into
  personal_token (hash, owner_id, id, name, scopes, expires_at)
select
  decode($2, 'hex'),
  $1::text,
  $3::uuid,
  $4,
  $5::text[],
  $6::timestamptz
where
  (
    select
      count(*)
    from
      personal_token
    where
      owner_id = $1
  ) < 50
returning
  "id",
  "name",
  "scopes",
  "created_at",
  "expires_at",
  "last_used_on";

-- list
select
  "id",
  "name",
  "scopes",
  "created_at",
  "expires_at",
  "last_used_on"
from
  personal_token
where
  owner_id = $1
order by
  id desc;

-- lock
select
  pg_advisory_xact_lock(
    hashtextextended ('personal tokens', hashtextextended ($1, 0))
  );

-- remove
delete from personal_token
where
  owner_id = $1
  and id = $2
returning
  "id",
  "name",
  "scopes",
  "created_at",
  "expires_at",
  "last_used_on";
