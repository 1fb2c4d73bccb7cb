import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whether the server listens on a Unix socket. Another account could bind a port of 127.0.0.1 that
 * the server has released, and receive the password; only we can create a socket in our directory.
 */
export const USES_SOCKET = process.platform !== 'win32';

/** Part of the socket's name. It need not be free, as there is one server per directory. */
export const SOCKET_PORT = 5432;
export const SOCKET_NAME = `.s.PGSQL.${String(SOCKET_PORT)}`;

/** Maximum length of a socket path on every system; macOS has the lowest. */
const MAX_PATH_BYTES = 103;

/** Symbolic links to directories whose paths are too long, for the lifetime of this process. */
const shortLinks = new Map<string, string>();

const isShortEnough = (directory: string) =>
  Buffer.byteLength(join(directory, SOCKET_NAME)) <= MAX_PATH_BYTES;

/** Returns the directory of a cluster's socket, by a path that is short enough to connect to. */
function socketDirectory(cluster: string): string {
  if (isShortEnough(cluster)) return cluster;
  const existing = shortLinks.get(cluster);
  if (existing !== undefined) return existing;
  const parent = isShortEnough(join(tmpdir(), 'taskward-123456', 'postgres')) ? tmpdir() : '/tmp';
  const directory = mkdtempSync(join(parent, 'taskward-'));
  const link = join(directory, 'postgres');
  symlinkSync(cluster, link);
  shortLinks.set(cluster, link);
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  return link;
}

/** Returns the superuser's URL of a database on the server that runs in this cluster. */
export function serverUrl(
  cluster: string,
  port: number,
  password: string,
  database: string,
): string {
  const host = USES_SOCKET ? 'localhost' : '127.0.0.1';
  const url = new URL(`postgresql://postgres:${password}@${host}:${String(port)}/${database}`);
  // `pg` and libpq prefer this parameter to the host.
  if (USES_SOCKET) url.searchParams.set('host', socketDirectory(cluster));
  return url.href;
}
