import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, messageOf } from './postgres-errors.js';

const run = promisify(execFile);

/** Fixed PATH: root must not run an `id` or `useradd` from another user's PATH. */
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin', LC_ALL: 'C' };

/** `_postgres` comes with macOS; `taskward` is created here if there is no other. */
const KNOWN_ACCOUNTS = ['postgres', '_postgres', 'taskward'];

/** Unprivileged account that the server's processes run as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Returns the account for the server's processes, or undefined when Taskward is not run as root:
 * they then run as the same user. PostgreSQL refuses to run as root, so root uses a system account,
 * and creates `taskward` if there is none.
 *
 * @param owner uid that owns the existing cluster, if there is one: only its owner can run it
 * @throws EmbeddedPostgresError when another user owns the cluster, or no account can be created
 */
export async function serverAccount(
  cluster: string,
  owner: number | undefined,
): Promise<Account | undefined> {
  const uid = process.geteuid?.();
  if (uid === undefined) {
    return undefined;
  }
  if (uid !== 0) {
    if (owner !== undefined && owner !== uid) {
      throw wrongOwner(cluster, owner, `uid ${uid}`);
    }
    return undefined;
  }
  for (const name of KNOWN_ACCOUNTS) {
    const account = await findAccount(name);
    if (account && (owner === undefined || owner === account.uid)) {
      return account;
    }
  }
  if (owner !== undefined) {
    throw wrongOwner(cluster, owner, 'root');
  }
  return createAccount('taskward');
}

/**
 * Returns whether the account passes `test <expression>`. Only the system itself knows about ACLs
 * and mounts.
 */
export async function accountCan(account: Account, expression: string[]): Promise<boolean> {
  try {
    await run('test', expression, { uid: account.uid, gid: account.gid, env, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

async function findAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, name], { env })).stdout),
    );
    const account = { name, uid: Number(uid), gid: Number(gid) };
    return account.uid > 0 && Number.isInteger(account.gid) ? account : undefined;
  } catch {
    return undefined;
  }
}

async function createAccount(name: string): Promise<Account> {
  const failures: string[] = [];
  const commands: [string, string[]][] = [
    [
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/bin/false',
        name,
      ],
    ],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', name]],
  ];
  for (const [command, args] of commands) {
    await run(command, args, { env }).catch((error: unknown) =>
      failures.push(messageOf(error).trim()),
    );
    const account = await findAccount(name);
    if (account) {
      return account;
    }
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and no account for it could be created (${failures.join('; ')}); ` +
      `create a system account named ${name}, start Taskward as an ordinary user, or set DATABASE_URL`,
  );
}

function wrongOwner(cluster: string, owner: number, user: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `the embedded database ${cluster} belongs to uid ${owner}, and Taskward was started as ${user}; ` +
      'start it as the account that created the database or set another DATA_DIR',
  );
}
