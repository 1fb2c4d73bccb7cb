import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmod, lstat, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  DataDirInUseError,
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from '../../src/embedded-postgres/embedded-postgres.js';
import {
  postmaster,
  query,
  startApp,
  temporaryDirectory,
  useDataDir,
  useInstalledApp,
} from '../support/embedded-postgres.js';
import { until } from '../support/until.js';

/** Process groups and /proc are tested only where they exist. */
const isUnix = process.platform !== 'win32';
const isLinux = process.platform === 'linux';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

const installed = useInstalledApp();
const used = useDataDir();

describe('the embedded PostgreSQL', () => {
  it('keeps its data over a restart, and can be stopped twice', async () => {
    const dataDir = join(await temporaryDirectory(), 'not', 'there', 'yet');
    const first = await startEmbeddedPostgres({ dataDir });
    const pid = await postmaster(dataDir);
    await query(first.url, 'create table kept as select 42 as value');
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');

    const second = await startEmbeddedPostgres({ dataDir });
    try {
      expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }]);
    } finally {
      await second.stop();
    }
  });

  it('demands the password, and keeps that to the owner', async () => {
    const dataDir = used.path;
    const postgres = await startEmbeddedPostgres({ dataDir });
    try {
      const url = new URL(postgres.url);
      expect(url.pathname).toBe('/taskward');
      url.password = 'wrong';
      await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
      url.password = '';
      await expect(query(url.href, 'select 1')).rejects.toThrow('password');
      const [settings] = await query(
        postgres.url,
        `select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
           current_setting('server_encoding') as encoding`,
      );
      expect(settings).toEqual({ fsync: 'on', checksums: 'on', encoding: 'UTF8' });
      expect(await modeOf(join(dataDir, 'postgres.password'))).toBe(isUnix ? '600' : '666');
    } finally {
      await postgres.stop();
    }
  });

  if (isUnix) {
    it('listens on a socket in a directory of its own alone, and on no port', async () => {
      const dataDir = used.path;
      const postgres = await startEmbeddedPostgres({ dataDir });
      try {
        const [settings] = await query(
          postgres.url,
          `select current_setting('listen_addresses') as addresses, inet_server_addr() as address`,
        );
        expect(settings).toEqual({ addresses: '', address: null });
        const directory = new URL(postgres.url).searchParams.get('host') ?? '';
        expect(directory).toBe(join(dataDir, 'postgres'));
        expect((await stat(join(directory, '.s.PGSQL.5432'))).isSocket()).toBe(true);
        expect(await modeOf(directory)).toBe('700');
      } finally {
        await postgres.stop();
      }
    });

    it('is reached however long the name of DATA_DIR is, by others of the account too', async () => {
      const dataDir = join(await temporaryDirectory(), 'a long name'.repeat(20), 'ü'.repeat(60));
      const app = startApp(installed.program, [dataDir]);
      const { url = '', error } = await app.started;
      expect(error).toBeUndefined();
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
      const link = new URL(url).searchParams.get('host') ?? '';
      expect(await modeOf(dirname(link))).toBe('700');
      const other = await runningEmbeddedUrl(dataDir);
      expect(await query(other, 'select 2 as two')).toEqual([{ two: 2 }]);
      await app.stop();
      await expect(lstat(dirname(link))).rejects.toThrow('ENOENT');
    });

    it('closes DATA_DIR and its lock to other accounts, those of an earlier version too', async () => {
      const dataDir = await temporaryDirectory(0o777);
      await writeFile(join(dataDir, 'taskward.lock'), '', { mode: 0o644 });
      const fresh = join(await temporaryDirectory(), 'new');
      for (const directory of [dataDir, fresh]) {
        const postgres = await startEmbeddedPostgres({ dataDir: directory });
        await postgres.stop();
        expect(await modeOf(directory)).toBe('700');
        expect(await modeOf(join(directory, 'taskward.lock'))).toBe('600');
      }
    });

    it('leaves the mode of a directory that is shared on purpose', async () => {
      const dataDir = used.path;
      await chmod(dataDir, 0o1777);
      await (await startEmbeddedPostgres({ dataDir })).stop();
      expect(await modeOf(dataDir)).toBe('1777');
      await chmod(dataDir, 0o700);
    });
  }

  it('names the process that uses a DATA_DIR, this one or another', async () => {
    const dataDir = used.path;
    const app = startApp(installed.program, [dataDir]);
    const { url = '' } = await app.started;
    const before = await readdir(dataDir);

    const refusal = startEmbeddedPostgres({ dataDir });
    await expect(refusal).rejects.toBeInstanceOf(DataDirInUseError);
    await expect(refusal).rejects.toThrow(
      `${dataDir} is in use by another Taskward (process ${app.child.pid})`,
    );

    expect(await readdir(dataDir)).toEqual(before);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await app.stop();
    const postgres = await startEmbeddedPostgres({ dataDir });
    try {
      await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(`(process ${process.pid})`);
    } finally {
      await postgres.stop();
    }
  });

  it('lets exactly one of several simultaneous first starts through', async () => {
    const dataDir = await temporaryDirectory();
    const apps = [1, 2, 3].map(() => startApp(installed.program, [dataDir]));
    const outcomes = await Promise.all(apps.map(({ started }) => started));
    const winner = apps[outcomes.findIndex(({ url }) => url)];
    const refused = expect.objectContaining({
      name: 'DataDirInUseError',
      message: expect.stringContaining(`(process ${winner?.child.pid})`),
    });
    expect(outcomes.filter(({ url }) => !url)).toEqual([{ error: refused }, { error: refused }]);
  });

  it('starts again at the same address when the server is killed', async () => {
    const log: string[] = [];
    const dataDir = used.path;
    const postgres = await startEmbeddedPostgres({ dataDir, log: (line) => log.push(line) });
    try {
      const pid = await postmaster(dataDir);
      process.kill(pid, 'SIGKILL');
      await until(async () => (await query(postgres.url, 'select 1')).length === 1, 30_000);
      expect(await postmaster(dataDir)).not.toBe(pid);
      expect(log).toContainEqual(expect.stringContaining('exited unexpectedly'));
    } finally {
      await postgres.stop();
    }
  });
});

describe('the log of the server', () => {
  it('has an error without the statement and the row that it was about', async () => {
    const log: string[] = [];
    const dataDir = used.path;
    const postgres = await startEmbeddedPostgres({ dataDir, log: (line) => log.push(line) });
    try {
      await query(postgres.url, 'create table account (email text unique)');
      const insert = "insert into account values ('ada@example.com'), ('ada@example.com')";
      await expect(query(postgres.url, insert)).rejects.toMatchObject({ code: '23505' });
      await until(() => Promise.resolve(log.some((line) => line.includes('duplicate key'))));
    } finally {
      await postgres.stop();
    }
    expect(log.join('\n')).not.toMatch(/ada@example|STATEMENT|DETAIL/);
  });
});

describe('the server process', () => {
  if (isUnix) {
    it('is not hit by a Ctrl-C in the terminal', async () => {
      const app = startApp(installed.program, [used.path]);
      const { url = '' } = await app.started;
      const interrupted = once(app.child, 'message');
      process.kill(-(app.child.pid ?? NaN), 'SIGINT');
      expect(await interrupted).toContainEqual({ signal: 'SIGINT' });
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });
  }

  if (isLinux) {
    it('gets none of the secrets in the environment', async () => {
      const dataDir = used.path;
      await startApp(installed.program, [dataDir], { BETTER_AUTH_SECRET: 'a-secret-of-the-app' })
        .started;
      const environment = await readFile(`/proc/${await postmaster(dataDir)}/environ`, 'utf8');
      expect(environment).toContain('LC_ALL=C');
      expect(environment).not.toContain('a-secret-of-the-app');
    });
  }

  it('names the log when it cannot start', async () => {
    const dataDir = used.path;
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '9\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /postgres did not start: .*\n.*FATAL/,
    );
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    await (await startEmbeddedPostgres({ dataDir })).stop();
  });
});
