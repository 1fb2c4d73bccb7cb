import { API_ROLE, IDENTITY_ROLE } from '../../src/database/connection.js';
import { knowsPreparedStatements, PgBouncer } from './pgbouncer.js';
import { DatabaseProxy } from './tcp-proxy.js';

/** Server connections per role, by pool mode: in mode `session` each client connection keeps one. */
const POOL_SIZES = { session: 40, transaction: 6 };

type Mode = keyof typeof POOL_SIZES;

const isMode = (mode: string): mode is Mode => mode in POOL_SIZES;

interface TestPooler {
  /** Variables of an app whose requests go through the pooler. */
  readonly variables: Record<string, string>;
  readonly stop: () => Promise<void>;
}

/** Starts a PgBouncer in front of a database, in the pool mode of `TEST_POOLER`, if it is set. */
export async function startTestPooler(databaseUrl: string): Promise<TestPooler | undefined> {
  const { TEST_POOLER: mode = '', TEST_POOLER_PASSWORD: password = '' } = process.env;
  if (mode === '') return undefined;
  if (!isMode(mode)) throw new Error(`TEST_POOLER must be session or transaction, not ${mode}`);
  // PgBouncer's account cannot reach the socket of the embedded server.
  const proxy = new DatabaseProxy(databaseUrl);
  const pooler = await PgBouncer.start(await proxy.start(), {
    mode,
    poolSize: POOL_SIZES[mode],
    preparedStatements: knowsPreparedStatements() ? 200 : 0,
    // Tests end the server's connections: 15 s, the default, would pass before it is tried again.
    settings: ['server_login_retry = 1'],
    users: { [API_ROLE]: password, [IDENTITY_ROLE]: password },
  });
  return {
    variables: {
      DATABASE_API_URL: pooler.urlFor(databaseUrl, API_ROLE, password),
      DATABASE_IDENTITY_URL: pooler.urlFor(databaseUrl, IDENTITY_ROLE, password),
    },
    stop: async () => {
      await pooler.stop();
      await proxy.stop();
    },
  };
}
