import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/embedded-postgres/embedded-postgres.js';
import { withOwner } from './database.js';

/** A PostgreSQL for the tests of one file. */
interface OwnServer {
  /** Connects as the superuser. */
  readonly url: string;
  readonly dataDir: string;
  readonly urlOf: (role: string, database: string, password: string) => string;
  readonly asSuperuser: (...statements: string[]) => Promise<void>;
}

/** Starts a PostgreSQL before the tests of a file, as roles and their logins belong to a server. */
export function useOwnServer(): OwnServer {
  let server: EmbeddedPostgres;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskward-server-'));
    server = await startEmbeddedPostgres({ dataDir });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    get url() {
      return server.url;
    },
    get dataDir() {
      return dataDir;
    },
    urlOf: (username, database, password) =>
      Object.assign(new URL(server.url), { username, password, pathname: `/${database}` }).href,
    asSuperuser: (...statements) =>
      withOwner(server.url, async (client) => {
        for (const statement of statements) await client.query(statement);
      }),
  };
}
