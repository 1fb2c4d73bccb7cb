import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** Overrides the installed program, for instance with a newer version. */
const PROGRAM = process.env['PGBOUNCER'] ?? 'pgbouncer';

/**
 * Returns whether it forwards prepared statements to whichever server connection it uses, as from
 * 1.21 on.
 */
export function knowsPreparedStatements(): boolean {
  const { stdout } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  const [, major = '0', minor = '0'] = /PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) * 1000 + Number(minor) >= 1021;
}

export interface PgBouncerOptions {
  /** How long a client keeps a server connection; a transaction by default. */
  readonly mode?: 'session' | 'transaction';
  /** Server connections per role. */
  readonly poolSize: number;
  /** Requires a version that supports them; 0 disables them. */
  readonly preparedStatements: number;
  /** Password of each role, or of each name that the pooler gives one. */
  readonly users: Readonly<Record<string, string>>;
  /** Logs in at the server with this name, as hosted poolers do, whose clients use another one. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Further lines of the section `[pgbouncer]`. */
  readonly settings?: readonly string[];
}

/** A PgBouncer of the test's own. */
export class PgBouncer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly directory: string,
    private readonly port: number,
  ) {}

  /** @param serverUrl a TCP address: PgBouncer's account may be unable to reach a socket. */
  static async start(serverUrl: string, options: PgBouncerOptions): Promise<PgBouncer> {
    const directory = await mkdtemp(join(tmpdir(), 'taskward-pgbouncer-'));
    await chmod(directory, 0o755);
    const port = await freePort();
    const users = Object.entries(options.users).map(
      ([name, password]) => `"${name}" "${password}"`,
    );
    await writeFile(join(directory, 'users'), `${users.join('\n')}\n`);
    const { hostname, port: serverPort } = new URL(serverUrl);
    const login = Object.entries(options.login ?? {}).map(([name, value]) => `${name}=${value}`);
    const settings = [
      '[databases]',
      ['*', '=', `host=${hostname}`, `port=${serverPort}`, ...login].join(' '),
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${String(port)}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${join(directory, 'users')}`,
      `pool_mode = ${options.mode ?? 'transaction'}`,
      `default_pool_size = ${String(options.poolSize)}`,
      ...(knowsPreparedStatements()
        ? [`max_prepared_statements = ${String(options.preparedStatements)}`]
        : []),
      ...(options.settings ?? []),
      // PgBouncer refuses to run as root.
      ...(process.geteuid?.() === 0 ? ['user = nobody'] : []),
    ];
    const file = join(directory, 'pgbouncer.ini');
    await writeFile(file, `${settings.join('\n')}\n`);
    const child = spawn(PROGRAM, [file], { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    const output: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('error', (cause) => {
        reject(new Error(`These tests need ${PROGRAM} (Debian package pgbouncer).`, { cause }));
      });
      child.once('exit', (code) => {
        reject(new Error(`${PROGRAM} ended with ${String(code)}: ${output.join('')}`));
      });
      child.stderr.on('data', (lines: Buffer) => {
        output.push(lines.toString());
        if (lines.includes('process up')) resolve();
      });
    });
    return new PgBouncer(child, directory, port);
  }

  /** Returns the URL of the same database through the pooler, as another role. */
  urlFor(databaseUrl: string, user: string, password: string): string {
    const { pathname } = new URL(databaseUrl);
    return `postgres://${user}:${password}@127.0.0.1:${String(this.port)}${pathname}`;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await exited;
    await rm(this.directory, { recursive: true, force: true });
  }
}
