import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { decodeProtectedHeader } from 'jose';
import { parseEnv } from '../../src/config/env.js';
import { lockDataDir, openDataDir } from '../../src/embedded-postgres/data-dir-lock.js';
import { KeyRotation, rotateKeys } from '../../src/identity/key-rotation.js';
import { KEY_LOCK } from '../../src/identity/signing-keys.js';
import { bareEnv } from '../support/bare-env.js';
import { startApp, type TestApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase, identityUrlOf, withOwner } from '../support/database.js';
import { until } from '../support/until.js';
import { Program } from '../support/program.js';

const SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';
/** Several apps accept each other's tokens, whatever their ports. */
const AUTH_ISSUER = 'urn:taskward:test';
const ENV = parseEnv({ BETTER_AUTH_SECRET: SECRET });
const LEAD = 15 * 60;
const DAY = 86_400;
/** Seconds that a token may live after its key stopped signing, with slack for clocks. */
const GRACE = 300 + 120;

interface KeyRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

let folder: string;
let app: TestApp;
let ada: TestUser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-keys-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  app = await startApp({ AUTH_ISSUER });
  ada = await signUp(app.url);
});
afterEach(async () => {
  await Program.killAll();
  await app.close();
});

const rows = async (databaseUrl = app.databaseUrl) =>
  (await asDatabaseOwner(
    { databaseUrl },
    'select id, "createdAt", "expiresAt" from auth.jwks order by "createdAt"',
  )) as unknown as KeyRow[];

/** Lets time pass for all keys. */
const pass = (seconds: number) =>
  withOwner(app.databaseUrl, (client) =>
    client.query(
      `update auth.jwks set "createdAt" = "createdAt" - make_interval(secs => $1),
                            "expiresAt" = "expiresAt" - make_interval(secs => $1)`,
      [seconds],
    ),
  );

const published = async (url = app.url) => {
  const { body } = await send<{ keys: { kid: string }[] }>(`${url}/api/auth/jwks`);
  return body.keys.map(({ kid }) => kid);
};

const freshToken = async (url = app.url) => {
  const headers = { cookie: ada.cookie };
  return (await send<{ token: string }>(`${url}/api/auth/token`, { headers })).body.token;
};
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

/** Returns the API's response to a token. */
const codeOf = async (token: string, url = app.url) => {
  const headers = { authorization: `Bearer ${token}` };
  return (await send(`${url}/api/v1/tasks`, { headers })).status;
};

describe('a rotation', () => {
  it('publishes the new key, which signs a quarter of an hour later', async () => {
    const [old] = await rows();
    const rotation = await rotateKeys(ENV, identityUrlOf(app.databaseUrl), false);
    expect(await published()).toHaveLength(2);
    expect(await published()).toContain(rotation?.kid);
    expect(kidOf(await freshToken())).toBe(old?.id);

    await pass(LEAD - 60);
    expect(kidOf(await freshToken())).toBe(old?.id);
    await pass(120);
    const token = await freshToken();
    expect(kidOf(token)).toBe(rotation?.kid);
    expect(await codeOf(token)).toBe(200);
  });

  it('has the old key accepted until its last token has expired, and no longer', async () => {
    const [old] = await rows();
    const rotation = await rotateKeys(ENV, identityUrlOf(app.databaseUrl), false);
    const [first, second] = await rows();
    expect(first?.expiresAt).toEqual(second?.createdAt);
    expect(rotation?.othersAcceptedUntil?.getTime()).toBe(
      (second?.createdAt.getTime() ?? 0) + GRACE * 1_000,
    );

    await pass(LEAD + GRACE - 60);
    expect(await published()).toContain(old?.id);
    expect(await codeOf(ada.token)).toBe(200);
    await pass(120);
    expect(await published()).toEqual([rotation?.kid]);
    await until(async () => (await codeOf(ada.token)) === 401);
    expect(await codeOf(await freshToken())).toBe(200);
  });

  it('removes the keys that are no longer accepted', async () => {
    const first = await rotateKeys(ENV, identityUrlOf(app.databaseUrl), false);
    await pass(LEAD + GRACE - 60);
    await app.nest.get(KeyRotation).run();
    expect(await rows()).toHaveLength(2);
    await pass(120);
    await app.nest.get(KeyRotation).run();
    expect((await rows()).map(({ id }) => id)).toEqual([first?.kid]);
  });

  it('waits for the one before', async () => {
    await rotateKeys(ENV, identityUrlOf(app.databaseUrl), false);
    await expect(rotateKeys(ENV, identityUrlOf(app.databaseUrl), false)).resolves.toBeUndefined();
    expect(await rows()).toHaveLength(2);
    await pass(LEAD + 5);
    await expect(rotateKeys(ENV, identityUrlOf(app.databaseUrl), false)).resolves.toBeDefined();
  });

  it('leaves no moment without a key that signs', async () => {
    await rotateKeys(ENV, identityUrlOf(app.databaseUrl), false);
    // The clock of an instance that is ahead: to it the old key has expired.
    await withOwner(app.databaseUrl, (client) =>
      client.query(`update auth.jwks set "expiresAt" = now() - interval '1 s'
                     where "expiresAt" is not null`),
    );
    expect(await codeOf(await freshToken())).toBe(200);
    expect(await rows()).toHaveLength(2);
  });

  it('keeps private keys encrypted', async () => {
    await rotateKeys(ENV, identityUrlOf(app.databaseUrl), false);
    const stored = await asDatabaseOwner(app, 'select "privateKey" from auth.jwks');
    for (const { privateKey } of stored) {
      expect(privateKey).toMatch(/^"[0-9a-f]{100,}"$/);
    }
  });
});

describe('the schedule', () => {
  it('looks after the key from the start to the end', async () => {
    const brief = await startApp({ AUTH_ISSUER, DATABASE_URL: app.databaseUrl });
    const registry = brief.nest.get(SchedulerRegistry);
    const before = registry.getIntervals();
    await brief.close();
    expect(before).toContain('key-rotation');
    expect(registry.getIntervals()).toEqual([]);
  });

  it('replaces a key that is as old as KEY_ROTATION_DAYS, and no younger one', async () => {
    await pass(90 * DAY - 60);
    await app.nest.get(KeyRotation).run();
    expect(await rows()).toHaveLength(1);
    await pass(120);
    await app.nest.get(KeyRotation).run();
    expect(await rows()).toHaveLength(2);
    await app.nest.get(KeyRotation).run();
    expect(await rows()).toHaveLength(2);
  });

  it('makes one key, however many instances find the old one due at the same moment', async () => {
    const DATABASE_URL = app.databaseUrl;
    const others = await Promise.all(
      [1, 2].map(() => startApp({ DATABASE_URL, AUTH_ISSUER, KEY_ROTATION_DAYS: '30' })),
    );
    try {
      await pass(91 * DAY);
      await withOwner(DATABASE_URL, async (client) => {
        await client.query(`select pg_advisory_lock(${KEY_LOCK})`);
        const rotations = [app, ...others].map(({ nest }) => nest.get(KeyRotation).run());
        await until(async () => {
          const waiting = await client.query(
            `select from pg_locks where locktype = 'advisory' and not granted
               and database = (select oid from pg_database where datname = current_database())`,
          );
          return waiting.rowCount === rotations.length;
        });
        await client.query(`select pg_advisory_unlock(${KEY_LOCK})`);
        await Promise.all(rotations);
      });
      expect(await rows()).toHaveLength(2);
      expect(await published(others[0]?.url)).toEqual(await published());
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it('is caught up with at the start', async () => {
    await pass(91 * DAY);
    const late = await startApp({ DATABASE_URL: app.databaseUrl, AUTH_ISSUER });
    await late.close();
    expect(await rows()).toHaveLength(2);
  });

  it('outlives a failure', async () => {
    await withOwner(app.databaseUrl, (client) => client.query('alter table auth.jwks rename to x'));
    await expect(app.nest.get(KeyRotation).run()).resolves.toBeUndefined();
    await withOwner(app.databaseUrl, (client) => client.query('alter table auth.x rename to jwks'));
    await pass(91 * DAY);
    await app.nest.get(KeyRotation).run();
    expect(await rows()).toHaveLength(2);
  });
});

describe('a key that was revoked', () => {
  it('is refused at once by every instance; sessions go on with the new one', async () => {
    const DATABASE_URL = app.databaseUrl;
    // Each in a process of its own: in one, Passport has the last of them verify for all.
    const variables = { DATABASE_URL, BETTER_AUTH_SECRET: SECRET, AUTH_ISSUER, RATE_LIMIT: 'off' };
    const programs = [new Program(variables, folder), new Program(variables, folder)];
    const urls = await Promise.all(programs.map((program) => program.ready()));
    for (const url of urls) expect(await codeOf(ada.token, url)).toBe(200);

    const rotation = await rotateKeys(ENV, identityUrlOf(DATABASE_URL), true);
    const revoked = Date.now();
    await Promise.all(urls.map((url) => until(async () => (await codeOf(ada.token, url)) === 401)));
    expect(Date.now() - revoked).toBeLessThan(1_000);
    for (const url of urls) {
      expect(await published(url)).toEqual([rotation?.kid]);
      const token = await freshToken(url);
      expect(kidOf(token)).toBe(rotation?.kid);
      for (const other of urls) expect(await codeOf(token, other)).toBe(200);
    }
    expect(await rows()).toHaveLength(1);
  }, 60_000);
});

describe('npm run keys:rotate', () => {
  const COMMAND = fileURLToPath(new URL('../../dist/keys-rotate.js', import.meta.url));

  /** Runs the compiled command to its end. */
  const command = (variables: Record<string, string>, ...parameters: string[]) => {
    const env = { ...bareEnv(), BETTER_AUTH_SECRET: SECRET, ...variables };
    const options = { cwd: folder, env, timeout: 25_000 };
    return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        [COMMAND, ...parameters],
        options,
        (_, output, errors) => {
          resolve({ code: child.exitCode ?? -1, output, errors });
        },
      );
    });
  };

  it('rotates in the database of DATABASE_URL, and prints until when the old key is valid', async () => {
    const { code, output, errors } = await command({ DATABASE_URL: app.databaseUrl });
    const [old, fresh] = await rows();
    expect([code, errors]).toEqual([0, '']);
    const end = new Date((old?.expiresAt?.getTime() ?? 0) + GRACE * 1_000);
    expect(output).toBe(
      `The key ${fresh?.id ?? ''} is published and signs from ${fresh?.createdAt.toISOString() ?? ''}. ` +
        `The old key is accepted until ${end.toISOString()}.\n`,
    );
    expect(await published()).toHaveLength(2);

    const again = await command({ DATABASE_URL: app.databaseUrl });
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('Nothing to do')]);
    expect(await rows()).toHaveLength(2);
  });

  it('works before the first start', async () => {
    const databaseUrl = await createDatabase({ empty: true });
    const { code, output } = await command({ DATABASE_URL: databaseUrl });
    expect([code, output]).toEqual([0, expect.stringContaining('is published')]);
    expect(await rows(databaseUrl)).toHaveLength(1);
  });

  it('revokes with --revoke', async () => {
    const { code, output } = await command({ DATABASE_URL: app.databaseUrl }, '--revoke');
    const [fresh, ...others] = await rows();
    expect([code, others]).toEqual([0, []]);
    expect(output).toContain(`The key ${fresh?.id ?? ''} signs now.`);
    await until(async () => (await codeOf(ada.token)) === 401);
  });

  it('rotates in the embedded PostgreSQL, whether or not Taskward is running', async () => {
    const variables = { DATA_DIR: join(folder, 'data'), BETTER_AUTH_SECRET: SECRET };
    const first = await command(variables);
    expect([first.errors, first.code]).toEqual(['', 0]);
    const program = new Program({ ...variables, LOG_LEVEL: 'silent' }, folder);
    const url = await program.ready();
    const [before] = await published(url);
    expect(first.output).toContain(before);

    const running = await command(variables, '--revoke');
    expect([running.errors, running.code]).toEqual(['', 0]);
    const [after, ...none] = await published(url);
    expect(running.output).toContain(`The key ${after ?? ''} signs now`);
    expect([after === before, none]).toEqual([false, []]);
    expect((await program.kill('SIGTERM')).code).toBe(0);

    const stopped = await command(variables);
    expect([stopped.errors, stopped.code]).toEqual(['', 0]);
    expect(stopped.output).toContain('is published');
  }, 60_000);

  it('asks to wait while the Taskward that uses DATA_DIR is still starting', async () => {
    const DATA_DIR = join(folder, 'starting');
    const unlock = await lockDataDir(openDataDir(DATA_DIR));
    const { code, errors } = await command({ DATA_DIR });
    unlock();
    expect([code, errors]).toEqual([1, expect.stringContaining('still starting; try again')]);
  });

  it.each([{ parameters: '--force' }, { parameters: '--revoke now' }])(
    'does nothing but explain itself when asked for "$parameters"',
    async ({ parameters }) => {
      const variables = { DATABASE_URL: app.databaseUrl };
      const { code, output, errors } = await command(variables, ...parameters.split(' '));
      expect([code, output]).toEqual([1, '']);
      expect(errors).toContain('Usage: npm run keys:rotate');
      expect(await rows()).toHaveLength(1);
    },
  );

  it('explains that a remote issuer rotates its own keys', async () => {
    const { code, output, errors } = await command({
      DATABASE_URL: app.databaseUrl,
      AUTH_MODE: 'secret',
      AUTH_ISSUER,
      AUTH_AUDIENCE: 'taskward',
    });
    expect([code, output]).toEqual([1, '']);
    expect(errors).toContain('AUTH_MODE must be embedded');
    expect(errors.trim().split('\n')).toHaveLength(2);
  });

  it('prints one line without the password if the database is unreachable', async () => {
    const DATABASE_URL = 'postgres://ada:pa55word@127.0.0.1:1/none';
    const { code, errors } = await command({ DATABASE_URL });
    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(errors).not.toContain('pa55word');
  });
});
