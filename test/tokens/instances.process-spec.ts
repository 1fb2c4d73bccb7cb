import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TokensDto } from '../../src/tokens/token.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { GOOD, probe, until as untilResponse } from '../support/ended-sessions.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { createToken } from '../support/personal-tokens.js';
import { Program } from '../support/program.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const SECOND = 1_000;
const REFUSED = '401 invalid_token';
const UNKNOWN = '503 database_unavailable';

/** Two instances on one database, the second of which is a process of its own, behind a proxy. */
const here = useApp(SECRET_MODE);
const owner = useOwner(() => here);
let folder: string;
let there: string;
let other: Program;
let proxy: DatabaseProxy;
let ada: TestUser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-tokens-'));
  proxy = new DatabaseProxy(here.databaseUrl);
  other = new Program(
    { ...SECRET_MODE, DATABASE_URL: await proxy.start(), RATE_LIMIT: 'off' },
    folder,
  );
  there = await other.ready();
  ada = await mintUser(here.url, randomUUID());
});
afterEach(closeStreams);
afterAll(async () => {
  await Program.killAll();
  await proxy.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A token that both instances have verified. */
async function knownToken() {
  const created = await createToken(ada);
  for (const url of [here.url, there]) expect(await probe(url, created.token)).toBe(GOOD);
  return created;
}

const revoke = async (id: string) => {
  expect((await ada.api(`/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
};

describe('a revocation', () => {
  it('is known at the other instance within a second, where streams of the token end', async () => {
    const kept = await knownToken();
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { id, token } = await knownToken();
      const stream = await follow(there, { token });
      await revoke(id);
      times.push((await untilResponse(REFUSED, there, token)).ms);
      expect(await stream.ended()).toMatchObject({ event: 'session-ended' });
    }
    const worst = Math.max(...times);
    process.stdout.write(`refused at the other instance after ${worst.toFixed(1)} ms (maximum)\n`);
    expect(worst).toBeLessThan(SECOND);
    for (const url of [here.url, there]) expect(await probe(url, kept.token)).toBe(GOOD);
  });

  it.each([
    { name: 'deletes the row', sql: 'delete from personal_token where id = $1' },
    {
      name: 'takes a scope',
      sql: `update personal_token set scopes = '{tasks:read}' where id = $1`,
      response: '403 insufficient_scope',
    },
    {
      name: 'sets its end',
      sql: `update personal_token set expires_at = '2020-01-01' where id = $1`,
      response: '401 expired_token',
    },
  ])('by SQL that $name is known everywhere', async ({ sql, response = REFUSED }) => {
    const { id, token } = await knownToken();
    await owner(sql, [id]);
    for (const url of [here.url, there]) {
      expect(await untilResponse(response, url, token)).toBeDefined();
    }
  });

  it('during an outage is known after it; meanwhile no token is trusted for long', async () => {
    const [{ id, token }, kept] = [await knownToken(), await knownToken()];
    proxy.cut();
    await revoke(id);
    await untilResponse(UNKNOWN, there, kept.token);
    expect(await probe(there, token)).toBe(UNKNOWN);
    proxy.mend();
    await untilResponse(REFUSED, there, token);
    await untilResponse(GOOD, there, kept.token);
  });

  it('that the lost connection for notifications missed is known once it is back', async () => {
    const [{ id, token }, kept] = [await knownToken(), await knownToken()];
    const stream = await follow(there, { token: kept.token });
    // In one transaction: the connection is gone before the notification is sent.
    await owner(`
      with ended as (
        select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'taskward tokens' and datname = current_database()
      ) delete from personal_token using (select count(*) from ended) as done where id = '${id}'`);
    for (const url of [here.url, there]) await untilResponse(REFUSED, url, token);
    expect(await probe(there, kept.token)).toBe(GOOD);
    // Its token may have been revoked meanwhile: the client comes back, and is verified anew.
    expect(await stream.ended()).toMatchObject({ event: 'token-expired' });
    expect((await follow(there, { token: kept.token })).status).toBe(200);
  });
});

it('the day of the last use is written without being asked for, and at a stop', async () => {
  const lastUse = async (id: string) => {
    const { body } = await ada.api<TokensDto>('/tokens');
    return body.data.find((token) => token.id === id)?.lastUsedOn;
  };
  const { id, token } = await createToken(ada);
  expect(await probe(there, token)).toBe(GOOD);
  await until(async () => typeof (await lastUse(id)) === 'string');
  const last = await createToken(ada);
  expect(await probe(there, last.token)).toBe(GOOD);
  expect((await other.kill('SIGTERM')).code).toBe(0);
  expect(await lastUse(last.id)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
