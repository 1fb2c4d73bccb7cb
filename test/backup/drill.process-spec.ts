import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bareEnv } from '../support/bare-env.js';
import { signUp, type TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { BIN, type DebianPostgres, startDebianPostgres } from '../support/debian-postgres.js';
import { freePort } from '../support/free-port.js';
import { BETTER_AUTH_SECRET, signIn } from '../support/identity.js';
import { Program } from '../support/program.js';
import { until } from '../support/until.js';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'deploy/kubernetes/base/backup.sh');
const DAY_MS = 86_400_000;

// Programs of PostgreSQL and Taskward itself are started, several in one test.
jest.setTimeout(180_000);

let server: DebianPostgres;
let folder: string;
let backups: string;
let DATABASE_URL: string;
let ada: TestUser;
let schedule: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-drill-'));
  backups = await mkdtemp(join(folder, 'backups-'));
  server = await startDebianPostgres();
  await withOwner(server.url, (client) => client.query('create database taskward'));
  DATABASE_URL = server.url.replace(/postgres$/, 'taskward');
  const program = new Program({ DATABASE_URL, BETTER_AUTH_SECRET }, folder);
  ada = await signUp(await program.ready());
  await ada.create({ title: 'Buy milk' });
  await ada.create({ title: 'Restore it' });
  await program.kill('SIGTERM');
});
afterAll(async () => {
  await Program.killAll();
  schedule?.kill('SIGKILL');
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly output: string;
}

/** Runs shell commands with the programs of PostgreSQL and Node. */
const shell = (commands: string, variables: Record<string, string> = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const { PATH = '', ...rest } = bareEnv();
    const path = `${BIN}:${join(process.execPath, '..')}:${PATH}`;
    const env = { ...rest, PATH: path, BACKUP_DIR: backups, DATABASE_URL, ...variables };
    execFile(
      'bash',
      ['--norc', '-euc', commands],
      { cwd: folder, env },
      (error, stdout, stderr) => {
        resolve({ code: error ? error.code : 0, output: stdout + stderr });
      },
    );
  });

const backUp = (variables: Record<string, string> = {}) => shell(`sh ${SCRIPT}`, variables);

/** The fenced `sh` blocks of the chapter about the drill. */
async function commandsOfDrill(): Promise<string[]> {
  const text = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
  const section = text.split(/^##+ /m).find((part) => part.startsWith('A restore drill\n')) ?? '';
  return Array.from(section.matchAll(/```sh\n(.*?)```/gs), ([, block = '']) => block);
}

describe('deploy/kubernetes/base/backup.sh', () => {
  it('deletes old backups, but only once there is a new one', async () => {
    const [old, recent] = ['taskward-old.dump', 'taskward-recent.dump'];
    for (const name of [old, recent]) await writeFile(join(backups, name), '');
    await utimes(join(backups, old), new Date(), new Date(Date.now() - 15 * DAY_MS));
    await writeFile(join(backups, 'taskward-killed.dump.partial'), '');

    const failed = await backUp({ DATABASE_URL: `${DATABASE_URL}_none` });
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain('does not exist');
    expect(await readdir(backups)).toEqual(expect.arrayContaining([old, recent]));

    expect(await backUp()).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Backed up to/),
    });
    const names = await readdir(backups);
    expect(names.filter((name) => /^taskward-\d{8}T\d{6}Z\.dump$/.test(name))).toHaveLength(1);
    expect(names).toContain(recent);
    expect(names).toHaveLength(2);
    await rm(join(backups, recent));
  });

  it('fails as a role from which row-level security hides tasks', async () => {
    const sql = 'create role hidden login; grant taskward_api to hidden';
    await withOwner(DATABASE_URL, (client) => client.query(sql));
    const before = await readdir(backups);
    const { code } = await backUp({ DATABASE_URL: DATABASE_URL.replace('postgres@', 'hidden@') });
    expect(code).not.toBe(0);
    const names = await readdir(backups);
    expect(names.filter((name) => name.endsWith('.dump'))).toEqual(before);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'backs up at once on schedule, and stops on %s',
    async (signal) => {
      const { PATH = '' } = bareEnv();
      const env = { PATH: `${BIN}:${PATH}`, BACKUP_DIR: backups, DATABASE_URL };
      const child = spawn('sh', [SCRIPT, 'schedule'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      schedule = child;
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      expect(line.toString()).toMatch(/^Backed up to/);
      const closed = once(child, 'close');
      child.kill(signal);
      expect(await closed).toEqual([0, null]);
    },
  );

  it('reads its address from a file, and explains itself', async () => {
    const file = join(folder, 'url');
    await writeFile(file, `${DATABASE_URL}\n`);
    const empty = { DATABASE_URL: '', DATABASE_URL_FILE: file };
    expect(await backUp(empty)).toMatchObject({ code: 0 });
    const { code, output } = await shell(`sh ${SCRIPT} help`);
    expect([code, output]).toEqual([1, expect.stringContaining('backs up once')]);
  });
});

describe('the restore drill of docs/operations.md', () => {
  it('restores the newest backup, and serves it', async () => {
    await symlink(join(ROOT, 'dist'), join(folder, 'dist'));
    await symlink(join(ROOT, 'deploy'), join(folder, 'deploy'));
    await symlink(backups, join(folder, 'backups'));
    const port = String(await freePort());
    const [first = '', last = ''] = (await commandsOfDrill()).map((block) =>
      block
        .replaceAll('3999', port)
        .replace('npm run doctor', 'node dist/doctor.js')
        .replace('node dist/main.js &', 'node dist/main.js > server.log &'),
    );
    // Between the two blocks somebody signs in: here, while the shell waits for a file.
    const pause = 'echo; echo served > served; while [ ! -e seen ]; do sleep 0.1; done\n';
    const ended = shell(`${first}${pause}${last}`, { BETTER_AUTH_SECRET });
    const url = `http://localhost:${port}`;
    const served = until(async () => (await readdir(folder)).includes('served'), 90_000);
    await Promise.race([served, ended.then(({ output }) => Promise.reject(new Error(output)))]);
    expect(await signIn(url, ada.email)).toContain('session_token');
    await writeFile(join(folder, 'seen'), '');
    const { code, output } = await ended;
    expect(output).toContain('1 users, 2 tasks, the latest change at');
    expect(output).toContain('{"status":"ok"}');
    expect(output).not.toMatch(/^error/m);
    expect(code).toBe(0);
    const databases = await withOwner(server.url, (client) =>
      client.query("select from pg_database where datname = 'taskward_drill'"),
    );
    expect(databases.rowCount).toBe(0);
  });
});
