import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, useApp } from '../support/app.js';
import { signUp, userWith } from '../support/client.js';
import { createDatabase } from '../support/database.js';
import { newSession, signOut } from '../support/ended-sessions.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { BETTER_AUTH_SECRET, callAuth, PASSWORD } from '../support/identity.js';
import { Program } from '../support/program.js';
import { until } from '../support/until.js';

const SECOND = 1_000;

/** The issuer of both instances, whose addresses differ. */
const AUTH_ISSUER = 'urn:taskward:under-test';

const app = useApp({ AUTH_ISSUER });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-streams-'));
});
afterEach(async () => {
  closeStreams();
  await Program.killAll();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts an instance of its own process; returns its address. */
const startProgram = (DATABASE_URL: string) =>
  new Program({ DATABASE_URL, BETTER_AUTH_SECRET, AUTH_ISSUER, RATE_LIMIT: 'off' }, folder).ready();

/** Returns the milliseconds that a promise takes. */
async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe('a stream ends with session-ended', () => {
  it('when its session does, on another instance too, and no other session', async () => {
    const ada = await signUp(app.url);
    const other = await startProgram(app.databaseUrl);
    const ended = await newSession(app.url, ada.email);
    const here = await follow(app.url, ended);
    const there = await follow(other, ended);
    const kept = await follow(other, ada);
    await signOut(app.url, ended);
    const ms = await timed(Promise.all([here.ended(), there.ended()]));
    for (const stream of [here, there]) {
      expect(stream.events).toEqual([expect.objectContaining({ event: 'session-ended' })]);
    }
    expect(ms).toBeLessThan(SECOND);
    await ada.create({ title: 'still followed' });
    await kept.received(1);
  });

  it('when the account is deleted', async () => {
    const ada = await signUp(app.url);
    const stream = await follow(app.url, ada);
    expect(stream.status).toBe(200);
    await callAuth(app.url, '/delete-user', { password: PASSWORD }, ada.cookie);
    expect(await stream.ended()).toMatchObject({ event: 'session-ended' });
  });

  it('and is not opened again', async () => {
    const ada = await signUp(app.url);
    await callAuth(app.url, '/sign-out', {}, ada.cookie);
    let stream = await follow(app.url, ada);
    await until(async () => {
      stream = await follow(app.url, ada);
      return stream.status === 401;
    });
    expect(await stream.problem()).toMatchObject({ status: 401, code: 'session_ended' });
  });
});

describe('a stream ends with token-expired', () => {
  it('when its token does; one with a new token goes on from there', async () => {
    const brief = await startApp({ AUTH_TOKEN_TTL: '3s', AUTH_ISSUER });
    const ada = await signUp(brief.url);
    const stream = await follow(brief.url, ada);
    expect(await stream.ended()).toMatchObject({ event: 'token-expired' });
    const fresh = await newSession(brief.url, ada.email);
    const later = userWith(brief.url, { ...ada, ...fresh });
    await later.create({ title: 'between' });
    const headers = { 'last-event-id': stream.lastEventId };
    const resumed = await follow(brief.url, fresh, { headers });
    await resumed.received(1);
    expect(resumed.titles).toEqual(['between']);
    closeStreams();
    await brief.close();
  });
});

describe('a stream ends with shutdown', () => {
  it('on SIGTERM, which it does not hold up; clients come back at different times', async () => {
    const DATABASE_URL = await createDatabase();
    const program = new Program({ DATABASE_URL, BETTER_AUTH_SECRET, RATE_LIMIT: 'off' }, folder);
    const url = await program.ready();
    const ada = await signUp(url);
    const streams = await Promise.all(Array.from({ length: 10 }, () => follow(url, ada)));
    await ada.create({ title: 'before the end' });
    await Promise.all(streams.map((stream) => stream.received(1)));
    const stopped = program.kill('SIGTERM');
    for (const stream of streams) expect(await stream.ended()).toMatchObject({ event: 'shutdown' });
    expect(new Set(streams.map(({ retry }) => retry)).size).toBeGreaterThan(1);
    const ms = await timed(stopped);
    expect((await stopped).code).toBe(0);
    // Streams that were waited for would have taken five seconds.
    expect(ms).toBeLessThan(4 * SECOND);
  });
});
