import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChangePageDto } from '../../src/changes/change.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import {
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from '../../src/embedded-postgres/embedded-postgres.js';
import { backUp as backUpHere } from '../../src/backup/backup.js';
import { restore as restoreHere } from '../../src/backup/restore.js';
import { migrate } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations/index.js';
import { bareEnv } from '../support/bare-env.js';
import { send, signUp, type TestUser, userWith } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { createFeed } from '../support/feeds.js';
import { createToken } from '../support/personal-tokens.js';
import { until } from '../support/until.js';
import { Program } from '../support/program.js';

const PASSWORD = 'correct horse battery';

let folder: string;
const commands = new Set<Command>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-backup-'));
  await withServer('empty', (url) =>
    withOwner(url, async (client) => {
      // Only a crash of the machine could lose writes, and none is tested here.
      await client.query('alter system set fsync = off');
      await client.query('alter system set full_page_writes = off');
    }),
  );
});
afterAll(async () => {
  await Program.killAll();
  await Promise.all([...commands].map((command) => command.kill('SIGKILL')));
  for (const name of await readdir(folder)) {
    // A start stops the server that a failed test left running.
    const isLeft = existsSync(at(name, 'postgres', 'postmaster.pid'));
    if (isLeft) await withServer(name, () => Promise.resolve());
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const at = (...path: string[]) => join(folder, ...path);

/** Creates a DATA_DIR with an empty database; copying one takes less time than `initdb`. */
async function createDataDir(dataDir: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', at('empty'), at(dataDir)]);
}

const variables = (dataDir: string) => ({
  DATA_DIR: at(dataDir),
  RATE_LIMIT: 'off',
  BETTER_AUTH_SECRET: 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA',
});
const program = (dataDir: string, more: Record<string, string> = {}) =>
  new Program({ ...variables(dataDir), ...more }, folder);

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** `npm run db:backup` or `db:restore`, in a process of its own. */
class Command {
  readonly #child;
  readonly ended: Promise<Outcome>;

  constructor(
    name: 'backup' | 'restore',
    dataDir: string,
    parameters: readonly string[],
    more: Record<string, string> = {},
  ) {
    const script = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
    const env = { ...bareEnv(), ...variables(dataDir), ...more };
    const child = spawn(process.execPath, [script, ...parameters], { cwd: folder, env });
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    this.#child = child;
    this.ended = (async () => {
      const printed = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await closed, output: printed.join('') };
    })();
    commands.add(this);
    void closed.then(() => commands.delete(this));
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<Outcome> {
    this.#child.kill(signal);
    return this.ended;
  }
}

const restore = (dataDir: string, ...parameters: string[]) =>
  new Command('restore', dataDir, parameters).ended;

/** @throws Error with what was printed, when a program has failed. */
async function succeed(ended: Promise<Outcome>): Promise<void> {
  const { code, output } = await ended;
  if (code !== 0) throw new Error(`it ended with ${String(code)}: ${output}`);
}
const backUp = (dataDir: string, file: string) =>
  succeed(new Command('backup', dataDir, [file]).ended);

/** Runs `work` with the superuser's URL of a DATA_DIR that nobody uses. */
async function withServer<T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = await startEmbeddedPostgres({ dataDir: at(dataDir) });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

const TABLES = `
  select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname in ('public', 'auth') and tablename <> 'migration' order by 1`;

/** A restore numbers the change logs anew, by this much. */
const COLUMNS: Record<string, string> = {
  'public.change_counter': '(owner_id, seq % 4294967296)',
};

/** Every row of every table, as text. */
const rowsOf = (url: string) =>
  withOwner(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    const contents: Record<string, string[]> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `select ${COLUMNS[name] ?? 'r'}::text as row from ${name} r order by 1`,
      );
      contents[name] = rows.map(({ row }) => row);
    }
    return contents;
  });

const numberOf = async (url: string, query: string) => {
  const { rows } = await withOwner(url, (client) => client.query<{ n: number }>(query));
  return rows[0]?.n;
};

const databasesOf = (url: string) =>
  withOwner(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select datname as name from pg_database where datname ~ '^taskward' order by 1",
    );
    return rows.map(({ name }) => name);
  });

async function fillWithTasks(url: string, count: number): Promise<void> {
  await migrate(url);
  await withOwner(url, (client) =>
    client.query(`insert into task (owner_id, id, title)
      select 'ada', gen_random_uuid(), 'Task ' || n from generate_series(1, ${String(count)}) n`),
  );
}

/** Texts that a format of lines, columns and escapes could trip over. */
const TEXTS = [
  String.raw`\.`,
  String.raw`\N and \\N and \x41 and \101`,
  '\\.\nCOPY task (id) FROM stdin;\n\\.\n-- sha256 of what is above: 0\ncommit;',
  'tab\there, return\rhere, both\r\nhere, bell\u0007, escape\u001b, delete\u007f',
  `'single' "double" \`back\` $$dollar$$ {braces} ,commas, ; -- /* */`,
  'a\u2028b\u2029c\u0085d\ufeffe\u200bf',
  '👩‍👩‍👧‍👦 e\u0301 ﷽ 漢字 İıß',
  'x'.repeat(10_000),
  'null',
];

const batch = (size: number, tag: string) => ({
  operations: Array.from({ length: size }, (_, n) => ({
    op: 'create',
    task: { title: `${tag} ${String(n)}`, tags: [tag] },
  })),
});

const replayable = (key: string, json: unknown) => ({
  method: 'POST',
  json,
  headers: { 'idempotency-key': key },
});

const signIn = (url: string, { email }: TestUser) =>
  send(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    json: { email, password: PASSWORD },
    headers: { origin: url },
  });

// Each command starts a PostgreSQL of its own, as does each look at what it left.
jest.setTimeout(120_000);

describe('a backup', () => {
  let ada: TestUser;
  let bob: TestUser;
  let port: string;
  let cursor: string;
  let changeToken: string;
  let secondPage: TaskDto[];
  let written: Record<string, string[]>;
  let sequences: number | undefined;

  const SEQUENCES =
    "select count(*)::int as n from pg_sequences where sequencename <> 'migration_id_seq'";

  async function fill(url: string): Promise<void> {
    ada = await signUp(url);
    bob = await signUp(url, 'bob');
    for (const description of TEXTS) {
      const title = description.trim().slice(0, 200);
      const tags = [...new Set([title.slice(0, 40).trim(), 'home', '{a,"b"}', String.raw`\N`])];
      const created = await ada.api<TaskDto>('/tasks', {
        method: 'POST',
        json: { title, description, tags, priority: 'high', due: '2026-12-24' },
      });
      expect([created.status, created.body.description]).toEqual([201, description]);
    }
    const list = { name: 'Household', color: '#3366cc' };
    const { body } = await ada.api<{ id: string }>('/lists', { method: 'POST', json: list });
    const parent = await ada.create({ title: 'in a list', listId: body.id });
    await ada.create({ title: 'below', parentId: parent.id });
    const due = '2026-12-24T23:59:59.999+01:00';
    const { id } = await bob.create({ title: 'trash', due });
    await bob.api(`/tasks/${id}`, { method: 'DELETE' });
    const { id: done } = await bob.create({ title: 'done' });
    await bob.api(`/tasks/${done}/complete`, { method: 'PATCH' });
    await createToken(ada);
    await createFeed(ada);
    await ada.api('/tasks', replayable('once', { title: 'with a key' }));
    await ada.api('/tasks/batch', replayable('batch', batch(10, 'before')));
    const first = await ada.list('?limit=5&sort=title');
    cursor = first.nextCursor ?? '';
    changeToken = (await ada.api<ChangePageDto>('/changes')).body.nextToken;
    secondPage = (await ada.list(`?limit=5&sort=title&cursor=${cursor}`)).data;
  }

  /** Writes after the moment of the backup, while it is held up between two tables. */
  async function writeMore(url: string): Promise<void> {
    await ada.api('/tasks/batch', replayable('late', batch(10, 'late')));
    const json = { name: 'eve', email: 'eve@example.com', password: PASSWORD };
    const options = { method: 'POST', json, headers: { origin: url } };
    expect((await send(`${url}/api/auth/sign-up/email`, options)).status).toBe(200);
  }

  /** Runs `work` while a backup waits for a table that somebody locked. */
  async function whileHeldUp(command: () => Command, work: () => Promise<unknown>) {
    const url = await runningEmbeddedUrl(at('home'));
    return withOwner(url, async (client) => {
      await client.query('begin; lock table auth.jwks in access exclusive mode');
      const held = command();
      await until(async () => (await numberOf(url, WAITING)) === 1);
      await work();
      await client.query('commit');
      return held;
    });
  }
  const WAITING = 'select count(*)::int as n from pg_locks where not granted';

  beforeAll(async () => {
    await createDataDir('home');
    const running = program('home');
    const url = await running.ready();
    port = new URL(url).port;
    await fill(url);
    written = await rowsOf(await runningEmbeddedUrl(at('home')));
    sequences = await numberOf(await runningEmbeddedUrl(at('home')), SEQUENCES);
    const command = await whileHeldUp(
      () => new Command('backup', 'home', ['held-up.sql']),
      () => writeMore(url),
    );
    await succeed(command.ended);
    await succeed(running.kill('SIGTERM'));
    await succeed(restore('restored', 'held-up.sql'));
  });

  it('is of one moment, to the row, though there were writes while it was made', async () => {
    const later = await withServer('home', rowsOf);
    expect(later['public.task']).toHaveLength((written['public.task'] ?? []).length + 10);
    expect(later['auth."user"']).toHaveLength(3);
    const restored = await withServer('restored', rowsOf);
    expect(restored).toEqual(written);
    const empty = Object.keys(restored).filter((table) => restored[table]?.length === 0);
    expect(empty.join()).toMatch(
      /^(auth\.(verification|revoked_session|deleted_user|rate_limit),?)*$/,
    );
  });

  it('restores users, sessions, tokens, cursors, stored responses and trash, and ends tokens of changes', async () => {
    const running = program('restored', { PORT: port });
    const url = await running.ready();
    expect((await signIn(url, ada)).status).toBe(200);
    const { cookie } = ada;
    const token = await send<{ token: string }>(`${url}/api/auth/token`, { headers: { cookie } });
    expect(token.status).toBe(200);
    for (const user of [ada, userWith(url, { ...ada, token: token.body.token })]) {
      const page = await user.list(`?limit=5&sort=title&cursor=${cursor}`);
      expect(page.data).toEqual(secondPage);
    }
    const again = await ada.api('/tasks', replayable('once', { title: 'with a key' }));
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const changes = await ada.api(`/changes?since=${changeToken}`);
    expect([changes.status, changes.body.code]).toEqual([410, 'change_token_expired']);
    expect((await bob.list('?trashed=true')).data).toMatchObject([{ title: 'trash' }]);
    expect((await ada.list('?q=漢字')).data).toHaveLength(1);
    await running.kill('SIGTERM');
  });

  it('is for its owner alone to read, and the same when Taskward does not run', async () => {
    expect((await stat(at('held-up.sql'))).mode & 0o777).toBe(0o600);
    await backUp('restored', 'again.sql');
    await createDataDir('third');
    await restoreHere({ dataDir: at('third'), file: at('again.sql'), replace: false });
    expect(await withServer('third', rowsOf)).toEqual(await withServer('restored', rowsOf));
  });

  it('that is interrupted leaves the previous file, and nothing else', async () => {
    const before = await readFile(at('held-up.sql'));
    await withServer('home', async (url) => {
      const held = await whileHeldUp(
        () => new Command('backup', 'home', ['held-up.sql']),
        async () => {
          await until(async () => (await readdir(folder)).some((name) => /sql\../.test(name)));
          for (const command of commands) await command.kill('SIGTERM');
        },
      );
      expect(await held.ended).toMatchObject({ code: 1 });
      expect((await readdir(folder)).filter((name) => /sql\../.test(name))).toEqual([]);
      expect(await readFile(at('held-up.sql'))).toEqual(before);
      await until(async () => (await numberOf(url, WAITING)) === 0);
    });
  });

  it('needs no sequence, as no row gets its key from one', () => {
    expect(sequences).toBe(0);
  });

  describe('is restored', () => {
    it('into an empty database only, unless what is there may go', async () => {
      const before = await withServer('home', rowsOf);
      const refused = await restore('home', 'held-up.sql');
      expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/--replace/) });
      expect(await withServer('home', rowsOf)).toEqual(before);
      await succeed(restore('home', 'held-up.sql', '--replace'));
      expect(await withServer('home', rowsOf)).toEqual(written);
    });

    it('where Taskward has started, but no user has signed up', async () => {
      await createDataDir('started');
      const running = program('started');
      await running.ready();
      const refused = await restore('started', 'held-up.sql');
      expect(refused).toMatchObject({
        code: 1,
        output: expect.stringMatching(/in use by another/),
      });
      await running.kill('SIGTERM');
      await restoreHere({ dataDir: at('started'), file: at('held-up.sql'), replace: false });
      expect(await withServer('started', rowsOf)).toEqual(written);
    });

    it('from an older version, and brought up to date', async () => {
      await createDataDir('older');
      await withServer('older', async (url) => {
        await migrate(url, { to: 'Migration0002Auth' });
        await withOwner(url, (client) =>
          client.query(
            "insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), 'Über')",
          ),
        );
        await backUpHere({ dataDir: at('older'), file: at('older.sql') });
      });
      await createDataDir('newer');
      await restoreHere({ dataDir: at('newer'), file: at('older.sql'), replace: false });
      await withServer('newer', async (url) => {
        const { rows } = await withOwner(url, (client) =>
          client.query('select title, title_key from task'),
        );
        expect(rows).toEqual([{ title: 'Über', title_key: 'uber' }]);
        const ran = await numberOf(url, 'select count(*)::int as n from migration');
        expect(ran).toBe(migrations.length);
      });
    });

    const RUNNING = `select pid from pg_stat_activity
      where query ilike $1 and state = 'active' and pid <> pg_backend_pid()`;

    /** Kills a backend, unless it has ended with its client already. */
    function killBackend(pid: number): void {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }

    it('whole or not at all: killed at any moment, it leaves what was there', async () => {
      await createDataDir('big');
      await withServer('big', async (url) => {
        await fillWithTasks(url, 20_000);
        await backUpHere({ dataDir: at('big'), file: at('big.sql') });
      });
      const before = JSON.stringify(await withServer('home', rowsOf));
      // While rows arrive, and just before the databases change places, which a connection delays.
      for (const query of ['copy public.task %', '%alter database % rename to %']) {
        const command = new Command('restore', 'home', ['big.sql', '--replace']);
        await until(async () => {
          await withOwner(await runningEmbeddedUrl(at('home')), async (client) => {
            client.on('error', () => undefined);
            // A server that stops meanwhile ends the connection, and with it this loop.
            const find = () => client.query<{ pid: number }>(RUNNING, [query]);
            let { rows } = await find();
            while (rows.length === 0) {
              // The processor is for the restore.
              await client.query('select pg_sleep(0.002)');
              ({ rows } = await find());
            }
            await command.kill('SIGKILL');
            // PostgreSQL would go on with what it was told.
            for (const { pid } of rows) killBackend(pid);
          });
          return true;
        }, 60_000);
        expect(JSON.stringify(await withServer('home', rowsOf)) === before).toBe(true);
      }
      await restoreHere({ dataDir: at('home'), file: at('held-up.sql'), replace: true });
      await withServer('home', async (url) => {
        expect(await databasesOf(url)).toEqual(['taskward']);
        expect(await rowsOf(url)).toEqual(written);
      });
    });
  });
});

describe('a file that', () => {
  const refusalOf = (dataDir: string, file: string) =>
    restoreHere({ dataDir: at(dataDir), file: at(file), replace: true }).then(
      () => 'restored',
      (error: unknown) => (error as Error).message,
    );
  let whole: string;
  let rows: Record<string, string[]>;

  const reseal = (body: string) =>
    `${body}-- sha256 of what is above: ${createHash('sha256').update(body).digest('hex')}\n`;
  const bodyOf = (file: string) => file.slice(0, file.lastIndexOf('-- sha256'));

  beforeAll(async () => {
    await createDataDir('small');
    rows = await withServer('small', async (url) => {
      await fillWithTasks(url, 3);
      await backUpHere({ dataDir: at('small'), file: at('small.sql') });
      return rowsOf(url);
    });
    whole = await readFile(at('small.sql'), 'utf8');
  });

  it.each<{ name: string; why: RegExp; make: () => string }>([
    { name: 'is empty', why: /not a backup/, make: () => '' },
    {
      name: 'is something else',
      why: /not a backup/,
      make: () => 'create table x ();\n'.repeat(20),
    },
    { name: 'has no end', why: /is incomplete/, make: () => whole.slice(0, -1) },
    { name: 'has no last line', why: /is incomplete/, make: () => bodyOf(whole) },
    { name: 'is a half', why: /is incomplete/, make: () => whole.slice(0, whole.length / 2) },
    { name: 'has its first lines only', why: /is incomplete/, make: () => whole.slice(0, 200) },
    {
      name: 'has a letter changed',
      why: /has been altered/,
      make: () => whole.replace('Task 2', 'Task 3'),
    },
    { name: 'has something added', why: /is incomplete/, make: () => `${whole}\n` },
    {
      name: 'has a format of the future',
      why: /another version/,
      make: () => whole.replace('format 1', 'format 2'),
    },
    {
      name: 'has migrations of the future',
      why: /created by Taskward .*Migration0099/,
      make: () => reseal(bodyOf(whole).replace('"]}', '","Migration0099"]}')),
    },
  ])('$name is refused, and nothing touched', async ({ why, make }) => {
    await writeFile(at('bad.sql'), make());
    expect(await refusalOf('untouched', 'bad.sql')).toMatch(why);
    expect(existsSync(at('untouched'))).toBe(false);
  });

  it.each<{ name: string; change: (body: string) => string }>([
    {
      name: 'a table is missing',
      change: (body) => body.replace(/COPY public\.task [^]*?\n\\\.\n/, ''),
    },
    {
      name: 'a table is unknown',
      change: (body) => body.replace('COPY public.task ', 'COPY public.tusk '),
    },
    {
      name: 'a row does not fit',
      change: (body) => body.replace('\tTask 2\t', '\tTask 2\tmore\t'),
    },
    { name: 'rows have no end', change: (body) => body.replace(/\\\.\ncommit;\n$/, '') },
  ])('is sealed though $name is refused, and nothing changed', async ({ change }) => {
    await writeFile(at('bad.sql'), reseal(change(bodyOf(whole))));
    expect(await refusalOf('small', 'bad.sql')).toContain(`${at('bad.sql')} was not restored: `);
    await withServer('small', async (url) => {
      expect(await rowsOf(url)).toEqual(rows);
      expect(await databasesOf(url)).toEqual(['taskward']);
    });
  });

  it('is not there, or cannot be written, is named', async () => {
    expect(await refusalOf('untouched', 'none.sql')).toMatch(/none\.sql cannot be read/);
    const { ended } = new Command('backup', 'small', [join('none', 'x.sql')]);
    expect(await ended).toEqual({ code: 1, output: expect.stringMatching(/cannot be written/) });
  });
});

describe('a command explains', () => {
  it.each<[string, 'backup' | 'restore', string[], RegExp]>([
    ['without a file', 'backup', [], /^Usage: npm run db:backup/],
    ['with two', 'backup', ['a', 'b'], /^Usage/],
    ['without a file to restore', 'restore', ['--replace'], /^Usage: npm run db:restore/],
    ['with a parameter that is none', 'restore', ['a', '--force'], /^Usage/],
    ['where there is no database', 'backup', ['a'], /^there is no embedded database in/],
  ])('%s', async (_, name, parameters, output) => {
    const { ended } = new Command(name, 'untouched', parameters);
    expect(await ended).toEqual({ code: 1, output: expect.stringMatching(output) });
    expect(existsSync(at('untouched'))).toBe(false);
  });

  it('for a PostgreSQL of one’s own', async () => {
    const own = { DATABASE_URL: 'postgres://u@127.0.0.1:1/d' };
    const { ended } = new Command('backup', 'untouched', ['a'], own);
    expect(await ended).toEqual({ code: 1, output: expect.stringMatching(/pg_dump/) });
  });
});
