import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports that are tried: many more than are ever taken. */
const ATTEMPTS = 1_000;

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

/**
 * Returns a random port of 127.0.0.1 on which nothing listens, from `first` up to, but not including,
 * `end`. By default the system gives it to nobody before its user listens there: it is below the ports
 * that Linux (32768 and up), macOS and Windows give to connections and to servers that ask for any, and
 * from 11000 up there is none to which fetch() does not connect.
 */
export async function freePort(first = 11_000, end = 32_768): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(first, end);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${String(first)} to ${String(end - 1)} is free`);
}
