import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JWK } from 'jose';
import { startApp, type TestApp } from '../support/app.js';
import { send, userWith } from '../support/client.js';
import { claims, createKey, jwksMode, KeySetServer, now } from '../support/tokens.js';

type Key = Awaited<ReturnType<typeof createKey>>;

const realNow = Date.now.bind(Date);
const realMonotonicNow = performance.now.bind(performance);
let elapsed = 0;
/** Milliseconds by which somebody has set the wall clock back. */
let setBack = 0;
let server: KeySetServer;
let key: Key;
let rotated: Key;
let app: TestApp;

beforeEach(async () => {
  elapsed = 0;
  setBack = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + elapsed - setBack);
  jest.spyOn(performance, 'now').mockImplementation(() => realMonotonicNow() + elapsed);
  [key, rotated] = [await createKey('first'), await createKey('second')];
  server = await new KeySetServer().start(key.jwk);
  app = await startApp(jwksMode(server.url));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
  await server.stop();
});

async function callWith(token: string) {
  const identity = { id: '', email: '', cookie: '', token };
  const { status, headers, body } = await userWith(app.url, identity).api('/tasks');
  return {
    status,
    code: body.code,
    retryAfter: headers.get('retry-after'),
    challenge: headers.get('www-authenticate'),
  };
}

const UNAVAILABLE = {
  status: 503,
  code: 'key_set_unavailable',
  retryAfter: expect.stringMatching(/^\d+$/),
  challenge: null,
};
const REFUSED = {
  status: 401,
  code: 'invalid_token',
  retryAfter: null,
  challenge: expect.stringMatching(
    /^Bearer realm="taskward", error="invalid_token", error_description="[^"]+"$/,
  ),
};
/** Longer than the time between two fetches; shorter than a token's life. */
const later = () => (elapsed += 31_000);

const weakKey = (): JWK => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return { ...(publicKey.export({ format: 'jwk' }) as JWK), kid: 'first' };
};

describe('a key set that was never in reach', () => {
  it.each<{ name: string; breakIt: (server: KeySetServer) => void | Promise<void> }>([
    { name: 'refuses connections', breakIt: (it) => it.stop() },
    {
      name: 'answers 500',
      breakIt: (it) => (it.misbehave = (_, response) => response.writeHead(500).end('{}')),
    },
    {
      name: 'answers HTML',
      breakIt: (it) => (it.misbehave = (_, response) => response.end('<html>')),
    },
    {
      name: 'answers other JSON',
      breakIt: (it) => (it.misbehave = (_, response) => response.end('{"data":[]}')),
    },
    {
      name: 'has keys of no shape',
      breakIt: (it) => (it.misbehave = (_, response) => response.end('{"keys":[1]}')),
    },
    {
      name: 'redirects to a good one',
      breakIt: (it) => {
        it.misbehave = (request, response) => {
          if (request.url === '/other') response.end(JSON.stringify({ keys: it.keys }));
          else response.writeHead(302, { location: '/other' }).end();
        };
      },
    },
    {
      name: 'is larger than 256 KiB',
      breakIt: (it) => {
        const padded = JSON.stringify({ keys: it.keys, padding: 'x'.repeat(256 * 1024) });
        it.misbehave = (_, response) => response.end(padded);
      },
    },
    { name: 'hangs up', breakIt: (it) => (it.misbehave = (request) => request.socket.destroy()) },
    { name: 'is empty', breakIt: (it) => (it.keys = []) },
    {
      name: 'shows a private key',
      breakIt: (it) => (it.keys = [{ ...key.jwk, d: 'A'.repeat(43) }]),
    },
    {
      name: 'has a symmetric key',
      breakIt: (it) => (it.keys = [{ kty: 'oct', k: 'A'.repeat(43), kid: 'first' }]),
    },
    { name: 'has RSA of 1024 bits', breakIt: (it) => (it.keys = [weakKey()]) },
  ])('gives 503 with Retry-After, and never 401, when it $name', async ({ breakIt }) => {
    await breakIt(server);
    expect(await callWith(await key.sign())).toEqual(UNAVAILABLE);
    expect(await callWith(await rotated.sign())).toEqual(UNAVAILABLE);
    expect((await send(`${app.url}/health/ready`)).body).toMatchObject({
      code: 'not_ready',
      errors: [expect.objectContaining({ code: 'keys' })],
    });
  });

  it('gives 503 within seconds when it is slow to begin, or to come to its end', async () => {
    const token = await key.sign();
    for (const misbehave of [
      () => undefined,
      (_: IncomingMessage, response: ServerResponse) => void response.write('{"keys":['),
    ]) {
      server.misbehave = misbehave;
      const start = performance.now();
      expect(await callWith(token)).toEqual(UNAVAILABLE);
      expect(performance.now() - start).toBeLessThan(8_000);
    }
  });

  it('leaves no token and garbage what they are: 401', async () => {
    await server.stop();
    expect((await send(`${app.url}/api/v1/tasks`)).status).toBe(401);
    expect(await callWith('garbage')).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('lets callers in as soon as it is back, without a restart', async () => {
    server.misbehave = (_, response) => response.writeHead(503).end();
    const token = await key.sign();
    expect(await callWith(token)).toEqual(UNAVAILABLE);
    server.misbehave = undefined;
    elapsed += 1_001;
    expect((await callWith(token)).status).toBe(200);
  });

  it('is not fetched again for each of many callers', async () => {
    server.misbehave = (_, response) => response.writeHead(503).end();
    const token = await key.sign();
    const responses = await Promise.all(Array.from({ length: 50 }, () => callWith(token)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([503]));
    expect(server.requests).toBe(1);
  });
});

describe('a key set that goes down', () => {
  it('keeps known keys working, and leaves unknown ones undecided', async () => {
    const token = await key.sign();
    expect((await callWith(token)).status).toBe(200);
    await server.stop();
    later();
    expect((await callWith(token)).status).toBe(200);
    expect(await callWith(await rotated.sign())).toEqual(UNAVAILABLE);
    expect((await callWith(token)).status).toBe(200);
    expect((await send(`${app.url}/health/ready`)).status).toBe(200);
  });

  it('keeps known keys working after an invalid response, too', async () => {
    const token = await key.sign();
    expect((await callWith(token)).status).toBe(200);
    server.misbehave = (_, response) => response.end('{"keys":"none"}');
    later();
    expect(await callWith(await rotated.sign())).toEqual(UNAVAILABLE);
    expect((await callWith(token)).status).toBe(200);
  });
});

describe('with the issuer down', () => {
  it('known tokens and known keys are let in for days, unknown keys are undecided, none is refused', async () => {
    const lasting = claims({ exp: now() + 7 * 86_400 });
    const [known, another] = [await key.sign(lasting), await key.sign({ ...lasting, jti: '2' })];
    expect((await callWith(known)).status).toBe(200);
    await server.stop();
    for (const passed of [0, 31_000, 11 * 60_000, 86_400_000, 3 * 86_400_000]) {
      elapsed += passed;
      const fresh = await key.sign({ ...lasting, jti: String(passed) });
      for (const token of [known, another, fresh]) expect((await callWith(token)).status).toBe(200);
      expect(await callWith(await rotated.sign(lasting))).toEqual(UNAVAILABLE);
    }
  });

  it('a token that is wrong is so, though its key is known', async () => {
    expect((await callWith(await key.sign())).status).toBe(200);
    await server.stop();
    expect(await callWith(await key.sign(claims({ aud: 'other' })))).toEqual(REFUSED);
  });
});

describe('a wall clock that is set back', () => {
  it('lets a token live no longer than it had when it was verified', async () => {
    const token = await key.sign(claims({ exp: now() + 60 }));
    expect((await callWith(token)).status).toBe(200);
    elapsed += 30_000;
    setBack += 86_400_000;
    expect((await callWith(token)).status).toBe(200);
    // A minute, and the leeway of half a one.
    elapsed += 61_000;
    for (let i = 0; i < 3; i += 1) {
      expect(await callWith(token)).toMatchObject({ status: 401, code: 'expired_token' });
    }
    expect((await callWith(await key.sign())).status).toBe(200);
  });

  it('does not keep a withdrawn key, as the keys are fetched again all the same', async () => {
    const token = await key.sign(claims({ exp: now() + 3600 }));
    expect((await callWith(token)).status).toBe(200);
    setBack += 86_400_000;
    server.keys = [rotated.jwk];
    elapsed += 10 * 60_000 + 1;
    let response = await callWith(token);
    while (response.status === 200) response = await callWith(token);
    expect(response).toEqual(REFUSED);
  });
});

describe('a key set that changes', () => {
  it('is looked at again at once for an unknown key', async () => {
    expect((await callWith(await key.sign())).status).toBe(200);
    server.keys = [key.jwk, rotated.jwk];
    expect((await callWith(await rotated.sign())).status).toBe(200);
    expect(server.requests).toBe(2);
  });

  it('hides no new key behind invented ones: it is let in, or undecided, and never refused', async () => {
    expect(await callWith(await key.sign(claims(), { kid: 'made-up' }))).toEqual(REFUSED);
    server.keys = [key.jwk, rotated.jwk];
    expect((await callWith(await rotated.sign())).status).toBe(200);

    const another = await createKey('third');
    for (let i = 0; server.requests < 5; i += 1) {
      await callWith(await key.sign(claims(), { kid: `made-up-${String(i)}` }));
      elapsed += 1_000;
    }
    server.keys = [key.jwk, rotated.jwk, another.jwk];
    expect(await callWith(await another.sign())).toEqual(UNAVAILABLE);
    later();
    expect((await callWith(await another.sign())).status).toBe(200);
  });

  it('is not fetched for each of many unknown keys', async () => {
    expect((await callWith(await key.sign())).status).toBe(200);
    const tokens = Array.from({ length: 50 }, (_, i) =>
      key.sign(claims(), { kid: `made-up-${i}` }),
    );
    const responses = await Promise.all((await Promise.all(tokens)).map(callWith));
    expect(new Set(responses.map(({ code }) => code))).toEqual(new Set(['invalid_token']));
    expect(server.requests).toBeLessThanOrEqual(3);
  });

  it('stops trusting a key that was withdrawn once the set is fetched again', async () => {
    const token = await key.sign();
    expect((await callWith(token)).status).toBe(200);
    server.keys = [rotated.jwk];
    expect((await callWith(await rotated.sign())).status).toBe(200);
    expect(await callWith(token)).toEqual(REFUSED);
  });

  it('is noticed within minutes though no unknown key arrives, by tokens that are known', async () => {
    const token = await key.sign(claims({ exp: now() + 3600 }));
    expect((await callWith(token)).status).toBe(200);
    server.keys = [rotated.jwk];
    elapsed += 10 * 60_000 + 1;
    expect((await callWith(token)).status).toBe(200);
    while (server.requests < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    let response = await callWith(token);
    while (response.status === 200) response = await callWith(token);
    expect(response).toEqual(REFUSED);
  });

  it('takes back the name of a key for another', async () => {
    const token = await key.sign();
    expect((await callWith(token)).status).toBe(200);
    server.keys = [
      { ...rotated.jwk, kid: 'first' },
      { ...key.jwk, kid: 'other' },
    ];
    expect((await callWith(await key.sign(claims(), { kid: 'other' }))).status).toBe(200);
    expect(await callWith(token)).toEqual(REFUSED);
  });

  it('does not fail on a key that cannot be used', async () => {
    const broken = { kty: 'OKP', crv: 'Ed25519', kid: 'broken', alg: 'EdDSA', x: 'AA' };
    server.keys = [key.jwk, broken];
    expect((await callWith(await key.sign())).status).toBe(200);
    expect(await callWith(await key.sign(claims(), { kid: 'broken' }))).toEqual(REFUSED);
  });
});
