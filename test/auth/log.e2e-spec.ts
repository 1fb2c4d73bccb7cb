import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { send } from '../support/client.js';
import {
  claims,
  createKey,
  jwksMode,
  KeySetServer,
  now,
  SECRET_MODE,
  signWithSecret,
} from '../support/tokens.js';

type Line = Readonly<Record<string, unknown>>;

let app: TestApp;
let lines: Line[];
beforeEach(() => {
  lines = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => {
    if (typeof line === 'object') lines.push(line as Line);
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

const callWith = (token: string, method = 'GET') =>
  send(`${app.url}/api/v1/tasks`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'x-request-id': 'request-1' },
  });

const EXPECTED_EVENT = { event: 'token_refused', requestId: 'request-1', address: '127.0.0.1' };

describe('the authentication log', () => {
  it('has a line for each token that is refused: why, and under which key', async () => {
    const key = await createKey('key.1:a');
    const server = await new KeySetServer().start(key.jwk);
    app = await startApp(jwksMode(server.url));
    const kid = 'key.1:a';
    const refused: [token: string, line: Line][] = [
      [await key.sign(claims({ exp: now() - 60 })), { reason: 'expired_token', kid }],
      [await key.sign(claims({ aud: 'other' })), { reason: 'invalid_token', kid }],
      [await key.sign(claims(), { kid: 'unknown' }), { reason: 'invalid_token', kid: 'unknown' }],
      [
        await key.sign(claims(), { kid: 'k'.repeat(65) }),
        { reason: 'invalid_token', kid: undefined },
      ],
      [
        await key.sign(claims(), { kid: 'a\n{"event":"sign_in"}' }),
        { reason: 'invalid_token', kid: undefined },
      ],
      ['garbage', { reason: 'invalid_token', kid: undefined }],
      ['two tokens', { reason: 'invalid_token', kid: undefined }],
    ];
    // A minute passes between two: an unknown key that comes soon after others is undecided.
    const realNow = performance.now.bind(performance);
    let minutes = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => realNow() + 60_000 * minutes);
    for (const [token, line] of refused) {
      minutes += 1;
      lines = [];
      expect((await callWith(token)).status).toBe(401);
      expect(lines).toEqual([{ ...EXPECTED_EVENT, detail: expect.stringMatching(/\w/), ...line }]);
      // Neither the token nor a part of it that could be used, such as the signature.
      for (const part of token.split('.')) expect(JSON.stringify(lines)).not.toContain(part);
    }
    await server.stop();
  });

  it('logs which claim was wrong, but not its value', async () => {
    app = await startApp(SECRET_MODE);
    await callWith(await signWithSecret(claims({ iss: 'https://evil.example' })));
    expect(lines).toMatchObject([{ detail: expect.stringContaining('"iss"') }]);
    expect(JSON.stringify(lines)).not.toContain('evil');
  });

  it('has a line for a token that may not write', async () => {
    app = await startApp(SECRET_MODE);
    expect((await callWith(await signWithSecret(claims({ scope: 'x' })), 'POST')).status).toBe(403);
    expect(lines).toMatchObject([{ ...EXPECTED_EVENT, reason: 'insufficient_scope' }]);
  });

  it('has none for a request without a token, a good one, or keys that are out of reach', async () => {
    app = await startApp(SECRET_MODE);
    await send(`${app.url}/api/v1/tasks`);
    expect((await callWith(await signWithSecret(claims()))).status).toBe(200);
    await app.close();
    app = await startApp(jwksMode('http://127.0.0.1:9/jwks'));
    expect((await callWith(await (await createKey('k')).sign())).status).toBe(503);
    expect(lines).toEqual([]);
  });

  it('has one line a window for who sends too much, and no more however much it is', async () => {
    app = await startApp({
      ...SECRET_MODE,
      RATE_LIMIT: 'on',
      RATE_LIMIT_PER_MINUTE: '2',
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '2',
    });
    const token = await signWithSecret(claims());
    for (let i = 0; i < 10; i += 1) await callWith(token);
    const network = '127.0.0.1';
    const requestId = 'request-1';
    const event = 'rate_limited';
    expect(lines).toEqual([{ event, requestId, kind: 'user', userId: 'ada', network }]);
    for (let i = 0; i < 10; i += 1)
      await send(`${app.url}/docs`, { headers: { 'x-request-id': requestId } });
    expect(lines.slice(1)).toEqual([{ event, requestId, kind: 'network', network }]);
  });
});
