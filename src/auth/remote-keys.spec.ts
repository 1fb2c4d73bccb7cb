import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RemoteKeys } from './remote-keys.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<RemoteKeys> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new RemoteKeys(`http://127.0.0.1:${port}/jwks`);
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Milliseconds until it fails, and why. */
async function failureOf(keys: RemoteKeys): Promise<[number, string]> {
  const start = performance.now();
  const [outcome] = await Promise.allSettled([keys.load()]);
  const why = outcome.status === 'rejected' ? String(outcome.reason) : 'loaded';
  return [performance.now() - start, why];
}

describe('keys at an address', () => {
  it('are given up after five seconds, headers and body together', async () => {
    const silent = await serve(() => undefined);
    const dripping = await serve((request, response) => {
      response.write('{"keys":[');
      const drip = setInterval(() => response.write(' '), 100);
      request.on('close', () => clearInterval(drip));
    });
    for (const [ms, why] of await Promise.all([failureOf(silent), failureOf(dripping)])) {
      expect(why).toMatch('TimeoutError');
      expect(ms).toBeGreaterThan(4_500);
      expect(ms).toBeLessThan(7_000);
    }
  });

  it('are given up when they are too many to be read, without reading on', async () => {
    const endless = await serve((request, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      request.on('close', () => response.removeAllListeners('drain'));
      more();
    });
    const [ms, why] = await failureOf(endless);
    expect(why).toMatch('larger than 262144 bytes');
    expect(ms).toBeLessThan(4_000);
  });

  it.each([301, 302, 303, 307, 308])('are not looked for elsewhere: %i', async (status) => {
    let requests = 0;
    const moved = await serve((request, response) => {
      requests += 1;
      if (request.url === '/other') response.end('{"keys":[]}');
      else response.writeHead(status, { location: '/other' }).end();
    });
    expect((await failureOf(moved))[1]).not.toBe('loaded');
    expect(requests).toBe(1);
  });
});
