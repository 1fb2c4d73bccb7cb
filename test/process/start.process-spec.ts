import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { send, signUp } from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { BETTER_AUTH_SECRET } from '../support/identity.js';
import { Program } from '../support/program.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const start = (variables: Record<string, string> = {}) =>
  new Program({ DATA_DIR: join(folder, 'data'), ...variables }, folder);

async function postmasterPid(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a start with the embedded PostgreSQL', () => {
  // All starts but the first use an existing database: creating one takes most of the time.
  let home: string;
  let DATA_DIR: string;
  let first: Program;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'taskward-home-'));
    DATA_DIR = join(home, 'data');
    first = new Program({ DATA_DIR }, home);
    await first.ready();
  });
  afterAll(async () => {
    await Program.killAll();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('prints three addresses that respond', async () => {
    const url = await first.ready();
    expect(first.output).toBe(
      `Taskward is ready.\n  UI    ${url}/\n  API   ${url}/api/v1\n  Docs  ${url}/docs\n`,
    );
    const statuses = ['/', '/api/v1/tasks', '/docs', '/health/ready'].map(
      async (path) => (await send(url + path)).status,
    );
    // Without a build of the web client, / leads to /docs.
    const ui = existsSync('web/dist/index.html') ? 200 : 302;
    expect(await Promise.all(statuses)).toEqual([ui, 401, 200, 200]);
  });

  it('keeps the secret that it generated to its owner', async () => {
    const { mode } = await stat(join(DATA_DIR, 'better-auth.secret'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('is rejected while another one uses the same DATA_DIR', async () => {
    const second = await start({ DATA_DIR }).ended();
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/another Taskward.*already|in use/is);
    expect(second.output.trim().split('\n')).toHaveLength(1);
    expect((await send(`${await first.ready()}/health/ready`)).status).toBe(200);
  });

  it('stops cleanly on SIGINT', async () => {
    const postmaster = await postmasterPid(DATA_DIR);
    expect(await first.kill('SIGINT')).toMatchObject({ code: 0 });
    expect(isAlive(postmaster)).toBe(false);
    expect(await readdir(join(DATA_DIR, 'postgres'))).not.toContain('postmaster.pid');
  });

  it('has every task after SIGKILL, and its users stay signed in', async () => {
    await Program.killAll();
    const killed = start({ DATA_DIR });
    const ada = await signUp(await killed.ready());
    const tasks = [await ada.create({ title: 'one' }), await ada.create({ title: 'two' })];
    await killed.kill('SIGKILL');

    const next = start({
      DATA_DIR,
      PORT: new URL(/API +(\S+)/.exec(killed.output)?.[1] ?? '').port,
    });
    const url = await next.ready();
    expect((await ada.list()).data).toEqual(tasks.reverse());
    const { status } = await send(`${url}/api/auth/token`, { headers: { cookie: ada.cookie } });
    expect(status).toBe(200);
    expect(await next.kill('SIGTERM')).toMatchObject({ code: 0 });
  });

  it('stops when npm is terminated, which only ends npm and its shell', async () => {
    await Program.killAll();
    const variables = { DATA_DIR, npm_lifecycle_event: 'start' };
    const program = new Program(variables, folder, { shell: true });
    await program.ready();
    const postmaster = await postmasterPid(DATA_DIR);
    // Resolves when the last holder of its output has ended, the orphan that is.
    await program.kill('SIGTERM');
    expect(isAlive(postmaster)).toBe(false);
  });

  it('fails if the port is taken, and leaves no PostgreSQL behind', async () => {
    await Program.killAll();
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as AddressInfo;
    const { code, output } = await start({ DATA_DIR, PORT: String(port) }).ended();
    squatter.close();
    expect(code).toBe(1);
    expect(output).toContain(`EADDRINUSE`);
    expect(output).toContain(String(port));
    expect(await readdir(join(DATA_DIR, 'postgres'))).not.toContain('postmaster.pid');
  });
});

describe('variables of others', () => {
  afterEach(() => Program.killAll());

  /** Variables that PostgreSQL's drivers and MikroORM would heed, each so that nothing works. */
  const OF_LIBRARIES = {
    PGHOST: '192.0.2.1',
    PGPORT: '1',
    PGUSER: 'nobody',
    PGPASSWORD: 'wrong',
    PGDATABASE: 'none',
    PGSSLMODE: 'verify-full',
    PGOPTIONS: '-c default_transaction_read_only=on -c search_path=auth',
    PGDATA: '/nonexistent',
    MIKRO_ORM_SCHEMA: 'elsewhere',
  };

  async function expectServed(variables: Record<string, string>): Promise<string> {
    const program = start({ ...OF_LIBRARIES, ...variables });
    const url = await program.ready();
    const user = await signUp(url);
    expect((await user.create({ title: 'Buy milk' })).title).toBe('Buy milk');
    for (const name of Object.keys(OF_LIBRARIES)) {
      expect(program.output).toContain(`${name} has no effect: set DATABASE_URL.`);
    }
    await program.kill('SIGTERM');
    return program.output;
  }

  it('that PostgreSQL’s drivers and MikroORM heed have no effect on the embedded server, and are named', async () => {
    await writeFile(join(folder, '.env'), 'REDIS_ULR=redis://127.0.0.1:6379\nQUOTA_TASKS=10\n');
    const output = await expectServed({});
    expect(output).toContain('.env: unknown variable REDIS_ULR.');
    expect(output).not.toContain('QUOTA_TASKS');
  });

  it('have none on another server, nor has a schema in its URL', async () => {
    const DATABASE_URL = new URL(await createDatabase({ empty: true }));
    DATABASE_URL.searchParams.set('schema', 'elsewhere');
    await expectServed({ DATABASE_URL: DATABASE_URL.href, BETTER_AUTH_SECRET });
    DATABASE_URL.searchParams.delete('schema');
    const found = await withOwner(DATABASE_URL.href, (client) =>
      client.query(`select to_regclass('public.migration') as migration,
        to_regnamespace('elsewhere') as other`),
    );
    expect(found.rows).toEqual([{ migration: 'migration', other: null }]);
  });
});

describe('a start that must fail', () => {
  afterEach(() => Program.killAll());

  it('names every wrong variable in one message, before a port or a file is touched', async () => {
    const variables = {
      PORT: '70000',
      AUTH_MODE: 'magic',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'x',
    };
    const { code, output } = await start(variables).ended();
    expect(code).toBe(1);
    for (const name of Object.keys(variables)) expect(output).toContain(name);
    expect(output).not.toContain('    at ');
    expect(await readdir(folder)).toEqual([]);
  });

  it('reads .env, and lets the environment win', async () => {
    await writeFile(join(folder, '.env'), 'AUTH_TOKEN_TTL=soon\nLOG_LEVEL=loud\n');
    const { output } = await start({ LOG_LEVEL: 'warn' }).ended();
    expect(output).toContain('AUTH_TOKEN_TTL');
    expect(output).not.toContain('LOG_LEVEL');
  });

  it.each([
    { name: 'UTF-8 with a byte-order mark', content: '\ufeffAUTH_TOKEN_TTL=soon\n' },
    { name: 'UTF-8 with blanks', content: '  AUTH_TOKEN_TTL =  soon  \n' },
  ])('reads the first variable of a .env in $name', async ({ content }) => {
    await writeFile(join(folder, '.env'), content);
    expect((await start({}).ended()).output).toMatch(/^ {2}AUTH_TOKEN_TTL must be a duration/m);
  });

  it.each([
    {
      name: 'UTF-16, as PowerShell writes it',
      content: Buffer.from('\ufeffAUTH_TOKEN_TTL=5m\r\n', 'utf16le'),
    },
    { name: 'UTF-16 without a mark', content: Buffer.from('AUTH_TOKEN_TTL=5m\n', 'utf16le') },
    { name: 'Latin-1', content: Buffer.from('MAIL_FROM=\u00e4@example.org\n', 'latin1') },
  ])('fails if .env is not UTF-8: $name', async ({ content }) => {
    await writeFile(join(folder, '.env'), content);
    const { code, output } = await start({}).ended();
    expect([code, output]).toEqual([1, expect.stringContaining('.env must be UTF-8')]);
  });

  it.each(['/proc/taskward', '/proc/1/taskward/data', '/dev/null/data'])(
    'says that DATA_DIR cannot be made at %s',
    async (DATA_DIR) => {
      const starts = [{}, { BETTER_AUTH_SECRET }].map((secret) => start({ DATA_DIR, ...secret }));
      for (const { code, output } of await Promise.all(starts.map((each) => each.ended()))) {
        expect(code).toBe(1);
        expect(output).toMatch(/DATA_DIR|data directory/);
        expect(output).toContain(DATA_DIR);
        expect(output).not.toContain('    at ');
      }
    },
  );

  it.each([
    {
      name: 'an unreachable server',
      url: 'postgres://u:hunter2@127.0.0.1:1/taskward',
      why: /127\.0\.0\.1:1.*ECONNREFUSED/,
    },
    {
      name: 'a server that is none',
      url: 'postgres://u:hunter2@localhost.invalid/taskward',
      why: /localhost\.invalid/,
    },
  ])('explains why the database cannot be used: $name', async ({ url, why }) => {
    const { code, output } = await start({ DATABASE_URL: url }).ended();
    expect(code).toBe(1);
    expect(output).toMatch(/^DATABASE_URL: /);
    expect(output).toMatch(why);
    expect(output).not.toContain('hunter2');
    expect(output.trim().split('\n')).toHaveLength(1);
  });
});

describe('a start in production', () => {
  afterEach(() => Program.killAll());

  it('is refused without a secret', async () => {
    const DATABASE_URL = await createDatabase();
    const { code, output } = await start({ NODE_ENV: 'production', DATABASE_URL }).ended();
    expect(code).toBe(1);
    expect(output).toContain('BETTER_AUTH_SECRET is required in production');
  });

  it('serves with one', async () => {
    const DATABASE_URL = await createDatabase();
    const program = start({ NODE_ENV: 'production', DATABASE_URL, BETTER_AUTH_SECRET });
    const ada = await signUp(await program.ready());
    expect((await ada.list()).data).toEqual([]);
  });
});
