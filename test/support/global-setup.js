import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../../dist/embedded-postgres/embedded-postgres.js';
import { API_ROLE, IDENTITY_ROLE } from '../../dist/database/connection.js';
import { distribute as distribution } from '../../dist/database/distribution.sql.js';
import { moveRows } from '../../dist/database/distribute.js';
import { migrate } from '../../dist/database/migrate.js';
import { installStandIn } from './citus-stand-in.ts';
import { withClient } from './with-client.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Settings of a server whose data nobody keeps, with a database for each of many test files. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum_naptime: '10min',
};

/** @throws Error when a source is newer than what was compiled, which is what the tests run. */
async function assertBuilt() {
  const { mtimeMs: built } = await stat(join(ROOT, 'dist/main.js'));
  for (const name of await readdir(join(ROOT, 'src'), { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
    const { mtimeMs: changed } = await stat(join(ROOT, 'src', name));
    if (changed > built) throw new Error(`src/${name} is newer than dist/: npm run build`);
  }
}

async function startServer(dataDir) {
  const server = await startEmbeddedPostgres({ dataDir });
  await withClient(server.url, async (client) => {
    for (const [name, value] of Object.entries(SETTINGS)) {
      await client.query(`alter system set ${name} = '${value}'`);
    }
    await client.query('select pg_reload_conf()');
  });
  return server;
}

/** Gives the roles of `TEST_POOLER` a password, whatever an earlier run on this server gave them. */
async function letRolesLogIn(serverUrl) {
  const password = randomBytes(16).toString('hex');
  await withClient(serverUrl, async (client) => {
    for (const role of [API_ROLE, IDENTITY_ROLE])
      await client.query(`alter role ${role} login password '${password}'`);
  });
  process.env.TEST_POOLER_PASSWORD = password;
}

/** Distributes the tables of a database over the one server of the stand-in. */
async function distribute(client) {
  await installStandIn(client);
  await moveRows(client, distribution(4));
}

/**
 * One PostgreSQL a run: that of DATABASE_URL, or an embedded one. It gets one migrated template
 * database, from which each test file copies its own.
 */
export default async function setup() {
  await assertBuilt();
  const given = process.env.DATABASE_URL;
  const dataDir = await mkdtemp(join(tmpdir(), 'taskward-test-'));
  const server = given ? undefined : await startServer(dataDir);
  const serverUrl = given || server.url;
  const prefix = `taskward_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;

  await withClient(serverUrl, (client) => client.query(`create database ${template}`));
  const templateUrl = new URL(serverUrl);
  templateUrl.pathname = `/${template}`;
  await migrate(templateUrl.href);
  if (process.env.TEST_DISTRIBUTED === 'stand-in') await withClient(templateUrl.href, distribute);
  if (process.env.TEST_POOLER) await letRolesLogIn(serverUrl);

  if (process.env.TEST_INSTANCES === 'true') {
    const { buildPrevious } = await import('./previous-build.ts');
    process.env.PREVIOUS_BUILD = await buildPrevious();
  }
  delete process.env.DATABASE_URL;
  Object.assign(process.env, {
    TEST_SERVER_URL: serverUrl,
    TEST_DATABASE_PREFIX: prefix,
    // Copying files takes less processor time than writing WAL, but needs a checkpoint, which is
    // slow where `fsync` is on.
    TEST_DATABASE_STRATEGY: server ? 'file_copy' : 'wal_log',
  });
  globalThis.taskwardTest = { server, serverUrl, prefix, dataDir };
}
