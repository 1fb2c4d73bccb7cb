import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whether the server listens on a Unix socket. Another account may bind a port of 127.0.0.1 that the
 * server has left, and is told the password; nobody else can put a socket into a directory of ours.
 */
export const USES_SOCKET = process.platform !== 'win32';

/** A part of the socket's name. There is one server to a directory, so it need not be free. */
export const SOCKET_PORT = 5432;
export const SOCKET_NAME = `.s.PGSQL.${String(SOCKET_PORT)}`;

/** Bytes of a socket's path that every system takes; macOS has the least. */
const MAX_PATH_BYTES = 103;

/** Short names of directories whose own are too long, for as long as this process runs. */
const links = new Map<string, string>();

const fits = (directory: string) =>
  Buffer.byteLength(join(directory, SOCKET_NAME)) <= MAX_PATH_BYTES;

/** The directory of a cluster's socket, by a name that is short enough to connect to. */
function socketDirectory(cluster: string): string {
  if (fits(cluster)) return cluster;
  const known = links.get(cluster);
  if (known !== undefined) return known;
  const parent = fits(join(tmpdir(), 'taskward-123456', 'postgres')) ? tmpdir() : '/tmp';
  const directory = mkdtempSync(join(parent, 'taskward-'));
  const link = join(directory, 'postgres');
  symlinkSync(cluster, link);
  links.set(cluster, link);
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  return link;
}

/** The URL of a database of the server that runs in this cluster, as its superuser. */
export function serverUrl(
  cluster: string,
  port: number,
  password: string,
  database: string,
): string {
  const host = USES_SOCKET ? 'localhost' : '127.0.0.1';
  const url = new URL(`postgresql://postgres:${password}@${host}:${String(port)}/${database}`);
  // `pg` and libpq connect to this one, and not to the host before the path.
  if (USES_SOCKET) url.searchParams.set('host', socketDirectory(cluster));
  return url.href;
}
