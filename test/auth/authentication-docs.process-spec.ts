import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemCode, PROBLEMS } from '../../src/problems/problem.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, withOwner } from '../support/database.js';
import { evidenceIn, rowsOf, titlesIn } from '../support/docs-tables.js';
import { RemoteProcess } from '../support/remote-process.js';

interface Task {
  readonly title: string;
}

/** The addresses that the page names, and a test replaces. */
const FRONT_END = 'http://localhost:3001';
const TASKWARD = 'http://localhost:3000';
const SECRET = 'pR6yU2wK9mZ4xB7nQ1tL8vC3jH5fD0sE';

const FRONT_END_SCRIPT = new URL('../support/front-end-process.ts', import.meta.url);
const BROWSER_SCRIPT = new URL('../support/browser-process.ts', import.meta.url);

const page = await readFile('docs/authentication.md', 'utf8');

/** The files that a section of the page names in the first line of a code block. */
function filesOf(heading: string): Map<string, string> {
  const section = page.split(/^##+ /m).find((text) => text.startsWith(heading)) ?? '';
  const blocks = section.matchAll(/```(?:ts|dotenv)\n(?:\/\/|#) (\S+)\n(.*?)```/gs);
  return new Map(Array.from(blocks, ([, name = '', text = '']) => [name, text]));
}

const SHARED = filesOf('A Next.js front end');
const WAYS: [heading: string, hasServer: boolean][] = [
  ['Your Better Auth, by its keys', true],
  ['Your Better Auth, by a shared secret', true],
  ['No Better Auth of your own', false],
];

/** Puts the files of a section where Next.js has them, and the packages beside them. */
async function unpack(heading: string) {
  const folder = await mkdtemp(join(tmpdir(), 'taskward-front-end-'));
  const files = new Map([...SHARED, ...filesOf(heading)]);
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const fileNamed = (name: string) => files.get(name) ?? '';
  return { folder, fileNamed };
}

describe.each(WAYS)('a front end with: %s', (heading, hasServer) => {
  const processes: RemoteProcess[] = [];
  let folder: string;
  let origin = 'http://127.0.0.1:3001';
  let variables: string;
  let databaseUrl: string;
  let app: TestApp;

  const start = (script: URL) => {
    const started = new RemoteProcess(script);
    processes.push(started);
    return started;
  };

  beforeAll(async () => {
    const unpacked = await unpack(heading);
    folder = unpacked.folder;
    databaseUrl = await createDatabase({ empty: true });
    const filled = (name: string) =>
      unpacked
        .fileNamed(name)
        .replace(/^BETTER_AUTH_SECRET=.*$/m, `BETTER_AUTH_SECRET=${SECRET}`)
        .replace(/^DATABASE_URL=.*$/m, `DATABASE_URL=${databaseUrl}`);
    variables = filled('.env.local');
    if (hasServer) {
      origin = await start(FRONT_END_SCRIPT).call('serve', folder, variables, FRONT_END);
    }
    const { PUBLIC_URL: _, ...settings } = parseEnv(filled('.env').replaceAll(FRONT_END, origin));
    app = await startApp({ BETTER_AUTH_SECRET: '', ...settings });
    variables = variables.replaceAll(TASKWARD, app.url);
  });
  afterAll(async () => {
    await Promise.all(processes.map((started) => started.kill()));
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** SQL in the tables of the Better Auth that the front end uses. */
  const inAuth = (sql: string) =>
    withOwner(hasServer ? databaseUrl : app.databaseUrl, async (client) => {
      await client.query('set search_path = auth, public');
      await client.query(sql);
    });

  /** A browser on a page of the front end, and what the page calls. */
  async function open() {
    const browser = start(BROWSER_SCRIPT);
    await browser.call('open', folder, variables, origin);
    const run = <T>(file: string, path: string, ...parameters: unknown[]) =>
      browser.call<T>('run', folder, `lib/${file}.ts`, path, ...parameters);
    return {
      signUp: (name: string) =>
        run('auth-client', 'authClient.signUp.email', {
          name,
          email: `${name}@example.com`,
          password: 'correct horse battery',
        }),
      create: (title: string) => run<Task>('taskward', 'createTask', title),
      list: () => run<{ data: Task[] }>('taskward', 'listTasks'),
      tokens: () => browser.call<number>('requestsOf', 'token'),
      wait: (milliseconds: number) => browser.call('wait', milliseconds),
      spoil: (tokens: number) => browser.call('spoil', tokens),
      signOut: () => run('taskward', 'signOut'),
    };
  }

  it('signs up, gets a token, keeps a task and lists it; another user does not see it', async () => {
    const ada = await open();
    await expect(ada.list()).rejects.toThrow('SignedOut');
    expect(await ada.signUp('ada')).toMatchObject({ data: { user: { name: 'ada' } }, error: null });
    const task = await ada.create('Buy milk');
    expect(task).toMatchObject({ title: 'Buy milk', version: 1 });
    expect((await ada.list()).data).toEqual([task]);

    const grace = await open();
    await grace.signUp('grace');
    expect((await grace.list()).data).toEqual([]);

    await ada.signOut();
    await expect(ada.list()).rejects.toThrow('SignedOut');
    await ada.signUp('alan');
    expect((await ada.list()).data).toEqual([]);
  });

  it('requests one token for any number of waiting calls, and renews it in time', async () => {
    const page = await open();
    await page.signUp('barbara');
    await Promise.all([page.list(), page.list(), page.list()]);
    expect(await page.tokens()).toBe(1);
    await page.wait(3 * 60_000);
    await page.list();
    expect(await page.tokens()).toBe(1);
    await page.wait(60_000);
    await page.list();
    expect(await page.tokens()).toBe(2);
  });

  it('replaces a token that is refused, once', async () => {
    const page = await open();
    await page.signUp('edsger');
    await page.list();
    await page.spoil(1);
    expect(await page.list()).toMatchObject({ data: [] });
    expect(await page.tokens()).toBe(2);
    await page.spoil(2);
    expect(await page.list()).toMatchObject({ code: 'invalid_token' });
    expect(await page.tokens()).toBe(3);
  });

  it('is not signed out by an issuer without its database', async () => {
    const page = await open();
    await page.signUp('donald');
    await page.list();
    await page.wait(4 * 60_000);
    await inAuth('alter table session rename to gone');
    try {
      await expect(page.list()).rejects.toThrow('Cannot get a token');
    } finally {
      await inAuth('alter table gone rename to session');
    }
    expect(await page.list()).toEqual({ data: [], nextCursor: null });
  });

  it('is signed out when its session ends elsewhere: at once, or with its token', async () => {
    const page = await open();
    await page.signUp('tony');
    await page.list();
    await inAuth('delete from session');
    if (hasServer) {
      await page.list();
      await page.wait(4 * 60_000);
    }
    const failure = async (): Promise<unknown> => page.list().then(failure, String);
    expect(await failure()).toMatch('SignedOut');
  });
});

describe('the files of a front end with', () => {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: ['node'],
    skipLibCheck: true,
    paths: { '@/*': ['./*'] },
  };
  const folders: string[] = [];
  let output: string;

  // One run for all, because to read the types of the packages takes most of it.
  beforeAll(async () => {
    for (const [heading] of WAYS) {
      const { folder } = await unpack(heading);
      folders.push(folder);
      const config = { compilerOptions, include: ['app', 'lib'] };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    }
    const compiler = resolve('node_modules/typescript/bin/tsc');
    const parameters = [compiler, '--build', '--verbose', ...folders];
    ({ stdout: output } = await promisify(execFile)(process.execPath, parameters).catch(
      (error: unknown) => error as { stdout: string },
    ));
  }, 120_000);
  afterAll(() =>
    Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))),
  );

  it.each(WAYS.map(([name], index) => ({ name, index })))('$name compile', ({ index }) => {
    const lines = output
      .split('\n')
      .filter((line) => line.includes(basename(folders[index] ?? '')));
    expect(lines).toContainEqual(expect.stringMatching(/Building project/));
    expect(lines.filter((line) => line.includes('error TS'))).toEqual([]);
  });

  it('leave no other error', () => {
    expect(output).not.toContain('error TS');
  });
});

describe('the page', () => {
  const ASVS_V9 = ['9.1.1', '9.1.2', '9.1.3', '9.2.1', '9.2.2', '9.2.3', '9.2.4'];
  const requirements = [...rowsOf(page, 'RFC 8725'), ...rowsOf(page, 'OWASP ASVS')].map(
    ([name = '', , shownBy = '']): [id: string, shownBy: string] => [
      name.split(' ')[0] ?? '',
      shownBy,
    ],
  );

  it('has a row for each section of RFC 8725, 3, and for each requirement of ASVS V9', () => {
    const ids = requirements.map(([id]) => id);
    expect(ids.filter((id) => id.startsWith('3.'))).toEqual(
      Array.from({ length: 12 }, (_, index) => `3.${index + 1}`),
    );
    expect(ids.filter((id) => id.startsWith('9.'))).toEqual(ASVS_V9);
  });

  // A dash stands for what is a matter of documentation, or is not so.
  it.each(requirements.filter(([id, shownBy]) => !(id.startsWith('7.') && shownBy === '–')))(
    'names tests that are there for %s',
    async (_, shownBy) => {
      const evidence = evidenceIn(shownBy);
      expect(evidence).not.toEqual([]);
      for (const { path, titles } of evidence) {
        const known = await titlesIn(join('docs', path));
        expect([shownBy, titles.length]).not.toEqual([shownBy, 0]);
        expect({ shownBy, unknown: titles.filter((title) => !known.has(title)) }).toEqual({
          shownBy,
          unknown: [],
        });
      }
    },
  );

  it('lists the status of each error', () => {
    const refusals = rowsOf(page, 'What an error means');
    expect(refusals.length).toBeGreaterThan(7);
    for (const [status, code = ''] of refusals) {
      const [actual] = PROBLEMS[code.replaceAll('`', '') as ProblemCode];
      expect([code, Number(status)]).toEqual([code, actual]);
    }
  });

  it('links to files that are there', async () => {
    const links = [...page.matchAll(/\]\((?!http|#)([^)#\s]+)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(20);
    for (const link of new Set(links)) {
      await expect(readFile(join('docs', link))).resolves.toBeDefined();
    }
  });
});
