import { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { API_ROLE, urlFor } from '../../src/database/connection.js';
import { scopePool } from '../../src/database/row-level-security.js';
import { Task } from '../../src/tasks/task.entity.js';

/** MikroORM as the API's role, on one connection: what a statement leaves behind, the next one finds. */
export function openOneConnection(
  databaseUrl: string,
  onPool: (pool: Pool) => void = () => undefined,
): Promise<MikroORM> {
  return MikroORM.init({
    entities: [Task],
    clientUrl: databaseUrl,
    driverOptions: {
      connectionString: urlFor(databaseUrl, API_ROLE),
      onPoolCreated: (pool: Pool) => {
        scopePool(pool, false);
        onPool(pool);
      },
    },
    pool: { min: 0, max: 1 },
    allowGlobalContext: true,
  });
}
