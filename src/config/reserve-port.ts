import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Env } from './env.js';

/** A port of this machine for the API. */
export interface ReservedPort {
  readonly number: number;
  /** Frees the port, for the server that listens on it next. */
  readonly release: () => Promise<void>;
}

/**
 * Picks a port for `PORT=0`, and holds it while the program starts: the system gives a port that nobody
 * holds to the next process that asks, and by then the issuer of embedded tokens contains it. Any other
 * `PORT` is kept, and is not held.
 */
export async function reservePort({ PORT, HOST }: Env): Promise<ReservedPort> {
  if (PORT !== 0) return { number: PORT, release: () => Promise.resolve() };
  const holder = createServer((socket) => socket.destroy()).listen(0, HOST);
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const release = async () => {
    if (!holder.listening) return;
    holder.close();
    await once(holder, 'close');
  };
  return { number: port, release };
}
