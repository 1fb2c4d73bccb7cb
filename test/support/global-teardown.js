import { rm } from 'node:fs/promises';
import { withClient } from './with-client.js';

/** Drops the databases that the run created on a server of somebody else. */
async function dropDatabases({ serverUrl, prefix }) {
  await withClient(serverUrl, async (client) => {
    const { rows } = await client.query('select datname from pg_database where datname like $1', [
      `${prefix}%`,
    ]);
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  });
}

/** Leaves nothing: no database, no server, no file. */
export default async function teardown() {
  const { server, dataDir, prefix } = globalThis.taskwardTest;
  // A server of our own goes with all its databases; to drop each takes a checkpoint.
  if (process.env.CITUS_URL) await (await import('./cluster.ts')).dropClusterDatabases(prefix);
  await (server ? server.stop() : dropDatabases(globalThis.taskwardTest));
  await rm(dataDir, { recursive: true, force: true });
}
