import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { useApp } from '../support/app.js';
import { createPersonalToken } from '../../src/issuer/personal-token.js';
import { increases } from '../support/metrics.js';
import { createToken, withToken } from '../support/personal-tokens.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let lines: object[];

beforeEach(() => {
  lines = [];
  for (const level of ['log', 'warn'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => {
      if (typeof line === 'object' && line !== null) lines.push({ level, ...line });
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

it('the authentication log names a personal token by id and name, from start to end', async () => {
  const ada = await mintUser(app.url, 'ada');
  const { id: tokenId, token } = await createToken(ada, { name: 'cron', scopes: ['tasks:read'] });
  const script = withToken(app.url, ada, token);
  const grown = await increases(app.url, async () => {
    await script.api('/tasks', { method: 'POST', json: {} });
    await script.api('/tokens');
  });
  await ada.api(`/tokens/${tokenId}`, { method: 'DELETE' });
  const named = { userId: 'ada', tokenId, tokenName: 'cron' };
  const refused = { level: 'warn', event: 'token_refused', reason: 'insufficient_scope', ...named };
  expect(lines).toEqual([
    { level: 'log', event: 'token_created', ...named },
    expect.objectContaining({ ...refused, requestId: expect.any(String), address: '127.0.0.1' }),
    expect.objectContaining(refused),
    { level: 'log', event: 'token_revoked', ...named },
  ]);
  expect(JSON.stringify(lines)).not.toContain(token.slice(7, 20));
  expect(grown).toMatchObject({ 'taskward_auth_refused_total insufficient_scope': 2 });
});

it('a token that is not valid is logged and counted without a name or a part of it', async () => {
  const ada = await mintUser(app.url, 'ada');
  const made = createPersonalToken();
  const grown = await increases(app.url, async () => {
    for (const token of [made, made.slice(0, -1)]) await withToken(app.url, ada, token).api('/me');
  });
  expect(grown).toMatchObject({ 'taskward_auth_refused_total invalid_token': 2 });
  for (const line of lines) {
    expect(line).toMatchObject({ event: 'token_refused', reason: 'invalid_token', kid: undefined });
    expect(line).not.toHaveProperty('tokenId');
  }
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain(made.slice(7, 20));
});

it('a name cannot forge a line of the log', async () => {
  const ada = await mintUser(app.url, 'ada');
  await createToken(ada, { name: 'a\n{"event":"sign_in"}\u001b[31m\u009b\u2028\u202eb' });
  expect(lines).toEqual([
    expect.objectContaining({
      tokenName: 'a\ufffd{"event":"sign_in"}\ufffd[31m\ufffd\ufffd\ufffdb',
    }),
  ]);
});
