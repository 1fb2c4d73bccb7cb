import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeStalledReaders } from './stalled-readers.js';

/** Milliseconds between two looks, so that thirty take less than a second. */
const LOOK_MS = 20;
/** More than the kernel takes for a reader that does not read. */
const RESPONSE = Buffer.alloc(64 * 1024 * 1024, 'x');

describe('a reader', () => {
  let server: Server;
  let finish: (() => void) | undefined;

  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/later') finish = () => response.end('done');
      else response.end(RESPONSE);
    });
    closeStalledReaders(server, LOOK_MS);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** Sends requests over one connection, and reads nothing yet. */
  async function requestWithoutReading(...paths: string[]): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    const accepted = once(server, 'connection');
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
    const [peer] = (await accepted) as [Socket];
    closed = new Promise((resolve) => peer.once('close', () => resolve('closed')));
    return socket;
  }
  let closed: Promise<string>;

  it('that does not read is cut', async () => {
    await requestWithoutReading('/');
    await expect(closed).resolves.toBe('closed');
  });

  it('that does not read one of many responses is cut', async () => {
    await requestWithoutReading('/', '/', '/later');
    await expect(closed).resolves.toBe('closed');
  });

  it('that takes a byte now and then is cut', async () => {
    const socket = await requestWithoutReading('/');
    const sip = setInterval(() => void socket.read(1), LOOK_MS);
    await expect(closed).resolves.toBe('closed');
    clearInterval(sip);
  });

  it('that takes its time gets everything', async () => {
    const socket = await requestWithoutReading('/');
    let bytes = 0;
    let looks = 0;
    const timer = setInterval(() => (looks += 1), LOOK_MS);
    // A pause of three looks for each part, and many more than thirty looks in all.
    while (bytes < RESPONSE.length) {
      const part = socket.read() as Buffer | null;
      bytes += part?.length ?? 0;
      const until = looks + (bytes < 24 * 1024 * 1024 ? 1 : 0);
      do await delay(1);
      while (looks < until);
    }
    clearInterval(timer);
    expect(looks).toBeGreaterThan(30);
  });

  it('whose response is still being made is left alone', async () => {
    const socket = await requestWithoutReading('/later');
    let looks = 0;
    const timer = setInterval(() => (looks += 1), LOOK_MS);
    while (looks < 40) await delay(LOOK_MS);
    clearInterval(timer);
    finish?.();
    socket.resume();
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toContain('done');
  });
});
