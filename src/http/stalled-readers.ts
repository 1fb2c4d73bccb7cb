import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Interval between checks of the sockets. */
const CHECK_INTERVAL_MS = 1_000;
/** Number of checks, and so seconds, during which a reader may take nothing. */
const MAX_STALLED_CHECKS = 30;
/** Throughput below which a reader is eventually cut off: half of a slow phone's. */
const MIN_BYTES_PER_SECOND = 8 * 1024;

/** libuv's side of a socket: bytes handed to it, and those that the kernel has not accepted yet. */
interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}

interface Reader {
  /** Bytes that the kernel had accepted at the last check. */
  taken: number;
  /** Remaining checks until the socket is closed. */
  checksLeft: number;
}

/**
 * Returns the bytes that the kernel has accepted. Node has no public API for a write in progress.
 */
function takenBy(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: Handle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}

/** Checks a socket that has output; returns whether its reader has no checks left. */
function isStalled(reader: Reader, taken: number): boolean {
  const earned = ((taken - reader.taken) * 1_000) / (MIN_BYTES_PER_SECOND * CHECK_INTERVAL_MS);
  reader.checksLeft = Math.min(MAX_STALLED_CHECKS, reader.checksLeft - 1 + earned);
  reader.taken = taken;
  return reader.checksLeft <= 0;
}

/**
 * Closes sockets whose reader does not take the response: nothing for 30 seconds, or less than 8
 * KiB/s on average over a longer time. Node's own `server.timeout` would also close a response that
 * is still being generated, and a byte every half minute would hold it off for ever.
 *
 * Counts checks instead of time, so that no reader is late after the process was suspended.
 */
export function closeStalledReaders(server: Server, intervalMs = CHECK_INTERVAL_MS): void {
  const sockets = new Set<Socket>();
  const readers = new WeakMap<Socket, Reader>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const check = () => {
    for (const socket of sockets) {
      const { writableLength } = socket;
      if (writableLength === 0) {
        readers.delete(socket);
        continue;
      }
      const taken = takenBy(socket);
      const reader = readers.get(socket) ?? { taken, checksLeft: MAX_STALLED_CHECKS };
      readers.set(socket, reader);
      if (isStalled(reader, taken)) socket.destroy();
    }
  };
  const timer = setInterval(check, intervalMs).unref();
  server.once('close', () => {
    clearInterval(timer);
  });
}
