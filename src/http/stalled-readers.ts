import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds between two looks at the sockets. */
const LOOK_MS = 1_000;
/** Looks, and so seconds, that a reader may go without taking anything. */
const MAX_STALLED_LOOKS = 30;
/** Bytes a second below which a reader runs out of patience in the end: half of a slow phone's. */
const MIN_BYTES_PER_SECOND = 8 * 1024;

/** libuv's side of a socket: bytes that were given to it, and those that the kernel has not taken yet. */
interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}

interface Reader {
  /** Bytes that the kernel had taken at the last look. */
  taken: number;
  /** Looks that are left until the socket is cut. */
  looksLeft: number;
}

/** Returns the bytes that the kernel has taken. Node has no public way to see into a write under way. */
function takenBy(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: Handle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}

/** Looks once at a socket that has output; returns whether its reader has run out of looks. */
function isStalled(reader: Reader, taken: number): boolean {
  const earned = ((taken - reader.taken) * 1_000) / (MIN_BYTES_PER_SECOND * LOOK_MS);
  reader.looksLeft = Math.min(MAX_STALLED_LOOKS, reader.looksLeft - 1 + earned);
  reader.taken = taken;
  return reader.looksLeft <= 0;
}

/**
 * Cuts sockets whose reader does not take the response: nothing for 30 seconds, or on average less than
 * 8 KiB a second over a longer time. Node's own `server.timeout` would also cut a response that is still
 * being made, and a byte every half minute would hold it off for ever.
 *
 * Counts looks, not time: a process that was suspended finds no reader late.
 */
export function cutStalledReaders(server: Server, lookMs = LOOK_MS): void {
  const sockets = new Set<Socket>();
  const readers = new WeakMap<Socket, Reader>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const look = () => {
    for (const socket of sockets) {
      const { writableLength } = socket;
      if (writableLength === 0) {
        readers.delete(socket);
        continue;
      }
      const taken = takenBy(socket);
      const reader = readers.get(socket) ?? { taken, looksLeft: MAX_STALLED_LOOKS };
      readers.set(socket, reader);
      if (isStalled(reader, taken)) socket.destroy();
    }
  };
  const timer = setInterval(look, lookMs).unref();
  server.once('close', () => {
    clearInterval(timer);
  });
}
