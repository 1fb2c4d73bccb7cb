import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Runs in a program before its own code: prints each address that it connects to, and each name it looks up. */
function print(line: string): void {
  writeSync(2, `${line}\n`);
}

subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  // A Unix socket has a path and no port.
  socket.on('connectionAttempt', (address: string, port?: number) => {
    print(`connects to ${port === undefined ? address : `${address}:${String(port)}`}`);
  });
  socket.on('lookup', (_error, _address, _family, host: string) => {
    print(`looks up ${host}`);
  });
});
