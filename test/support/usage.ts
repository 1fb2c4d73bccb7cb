import type { TestApp } from './app.js';
import { asDatabaseOwner } from './database.js';

const BYTES = `octet_length(title) + coalesce(octet_length(description), 0)
  + octet_length(array_to_string(tags, ''))`;

/** The owners whose counts are not those of their rows. */
export const wrongCounts = (app: Pick<TestApp, 'databaseUrl'>) =>
  asDatabaseOwner(
    app,
    `with kept as (
       select owner_id, 1 as tasks, ${BYTES} as bytes, 0 as responses, 0 as response_bytes from task
       union all
       select owner_id, 0, octet_length(name) + 100, 0, 0 from list
       union all
       select owner_id, 0, 0, 1,
              octet_length(key) + octet_length(headers::text) + octet_length(body::text)
         from idempotency_key
       union all
       select owner_id, -tasks, -bytes, -responses, -response_bytes from usage
     )
     select owner_id, sum(tasks)::int as tasks, sum(bytes)::int as bytes,
            sum(responses)::int as responses, sum(response_bytes)::int as response_bytes
       from kept group by owner_id
     having (sum(tasks), sum(bytes), sum(responses), sum(response_bytes)) <> (0, 0, 0, 0)`,
  );
