import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../dist/embedded-postgres/embedded-postgres.js';
import { migrate } from '../../dist/database/migrate.js';
import { withClient } from './with-client.js';

/**
 * One PostgreSQL a run: that of DATABASE_URL, or an embedded one. It gets one migrated template
 * database, from which each test file copies its own.
 */
export default async function setup() {
  const given = process.env.DATABASE_URL;
  const dataDir = await mkdtemp(join(tmpdir(), 'taskward-test-'));
  const server = given ? undefined : await startEmbeddedPostgres({ dataDir });
  const serverUrl = given || server.url;
  const prefix = `taskward_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;

  await withClient(serverUrl, (client) => client.query(`create database ${template}`));
  const templateUrl = new URL(serverUrl);
  templateUrl.pathname = `/${template}`;
  await migrate(templateUrl.href);

  delete process.env.DATABASE_URL;
  Object.assign(process.env, { TEST_SERVER_URL: serverUrl, TEST_DATABASE_PREFIX: prefix });
  globalThis.taskwardTest = { server, serverUrl, prefix, dataDir };
}
