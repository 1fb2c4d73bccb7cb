import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { parseEnv } from './env.js';
import { reservePort } from './reserve-port.js';

const reserve = (variables: Record<string, string>) => reservePort(parseEnv(variables));

/** Resolves once a server has listened on a port, and closed. */
async function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

describe('the port', () => {
  it('is kept when it is set, and not held', async () => {
    const free = await reserve({ PORT: '0' });
    await free.release();
    const port = await reserve({ PORT: String(free.number) });
    expect(port.number).toBe(free.number);
    await listenOn(port.number);
    await port.release();
  });

  it('is a free one when it is 0, which nobody else can take until it is released', async () => {
    const port = await reserve({ PORT: '0' });
    await expect(listenOn(port.number)).rejects.toThrow('EADDRINUSE');
    await port.release();
    await port.release();
    await listenOn(port.number);
  });

  it('keeps nobody waiting who connects before the program has started', async () => {
    const port = await reserve({ PORT: '0' });
    const client = connect(port.number, '127.0.0.1');
    client.on('error', () => undefined).on('data', () => undefined);
    await once(client, 'close');
    expect(client.bytesRead).toBe(0);
    await port.release();
  });

  it('is not found on an address of another machine', async () => {
    await expect(reserve({ PORT: '0', HOST: '192.0.2.1' })).rejects.toThrow('EADDRNOTAVAIL');
  });
});
