import { expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { parseEnv } from '../../src/config/env.js';
import { API_ROLE, IDENTITY_ROLE } from '../../src/database/connection.js';
import { openDatabase } from '../../src/database/open-database.js';
import { checkNotifications } from '../../src/doctor/check-notifications.js';
import { examine } from '../../src/doctor/diagnose.js';
import { withOwner } from '../support/database.js';
import { BETTER_AUTH_SECRET } from '../support/identity.js';
import { useOwnServer } from '../support/own-server.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';

// A server, a pooler, and time limits that have to pass.
jest.setTimeout(120_000);

const PASSWORD = 'hunter2-is-no-password';
const OWNER = 'doctor_owner';

const server = useOwnServer();

/** Runs `work` with the address of the server and a pooler in front of it. */
async function withPooler(work: (url: string, pooler: PgBouncer) => Promise<void>): Promise<void> {
  const proxy = new DatabaseProxy(server.url);
  const url = await proxy.start();
  const users = { [OWNER]: PASSWORD, [API_ROLE]: PASSWORD, [IDENTITY_ROLE]: PASSWORD };
  const pooler = await PgBouncer.start(url, { poolSize: 3, preparedStatements: 0, users });
  try {
    await work(url, pooler);
  } finally {
    await pooler.stop();
    await proxy.stop();
  }
}

it('a pooler is right for requests, and wrong for DATABASE_URL', async () => {
  await withOwner(server.url, (client) =>
    client.query(`create role ${OWNER} superuser login password '${PASSWORD}'`),
  );
  await withPooler(async (serverUrl, pooler) => {
    const variables = {
      DATABASE_URL: Object.assign(new URL(serverUrl), { username: OWNER, password: PASSWORD }).href,
      DATABASE_API_URL: pooler.urlFor(serverUrl, API_ROLE, PASSWORD),
      DATABASE_IDENTITY_URL: pooler.urlFor(serverUrl, IDENTITY_ROLE, PASSWORD),
      BETTER_AUTH_SECRET,
    };
    const {
      DATABASE_URL: url,
      DATABASE_API_URL: apiUrl,
      DATABASE_IDENTITY_URL: identityUrl,
    } = variables;
    const { dataDir } = server;
    await openDatabase({ url, apiUrl, identityUrl, dataDir, log: () => undefined });
    const right = await examine(parseEnv(variables));
    expect(right.filter(({ level }) => level !== 'ok')).toEqual([]);

    const pooled = pooler.urlFor(serverUrl, OWNER, PASSWORD);
    const wrong = await examine(parseEnv({ ...variables, DATABASE_URL: pooled }));
    const errors = wrong.filter(({ level }) => level === 'error');
    expect(errors.map(({ subject }) => subject)).toEqual(['roles', 'notifications']);
    for (const finding of errors)
      expect(finding).toMatchObject({
        remedy: expect.stringMatching(/address of PostgreSQL itself/),
      });
  });
});

it('notifications through a pooler are missed within the time limit', async () => {
  await withPooler(async (serverUrl, pooler) => {
    const url = pooler.urlFor(serverUrl, OWNER, PASSWORD);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { databaseLimits } = parseEnv({});
    expect(await checkNotifications(client, url, databaseLimits)).toMatchObject({ level: 'error' });
    await client.end();
  });
});
