import { asDatabaseOwner } from './database.js';

type Database = Parameters<typeof asDatabaseOwner>[0];

/** Sets the clock that the purges go by; `1 year` ahead of the real one, for instance. */
export const setClock = (database: Database, ahead: string) =>
  asDatabaseOwner(
    database,
    `create or replace function public.database_clock() returns timestamptz
       language sql volatile as $$ select clock_timestamp() + interval '${ahead}' $$`,
  );

/** Makes the clock one that has been steady for long: a purge needs no second look. */
export const trustClock = (database: Database) =>
  asDatabaseOwner(
    database,
    `update auth.purge_clock set seen_at = clock_timestamp(), trusted_from = '-infinity'`,
  );
