import { rm } from 'node:fs/promises';
import { withClient } from './with-client.js';

/** Leaves nothing: no database, no server, no file. */
export default async function teardown() {
  const { server, serverUrl, prefix, dataDir } = globalThis.taskwardTest;
  await withClient(serverUrl, async (client) => {
    const { rows } = await client.query('select datname from pg_database where datname like $1', [
      `${prefix}%`,
    ]);
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  });
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
}
