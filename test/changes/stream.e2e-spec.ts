import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChangeStreams } from '../../src/changes/change-streams.js';
import { ownerOf } from '../../src/auth/owner.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { countOf } from '../support/metrics.js';
import { until } from '../support/until.js';

const MAX_STREAMS = 10;

const app = useApp();
const sql = useOwner(() => app);
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  eve = await signUp(app.url, 'eve');
});
beforeEach(async () => {
  ada = await signUp(app.url, 'ada');
});
afterEach(closeStreams);

interface Page {
  readonly data: readonly unknown[];
  readonly nextToken: string;
}

const pageOf = async (user: TestUser, since = '') =>
  (await user.api<Page>(`/changes${since && `?since=${since}`}`)).body;
const tokenOfNow = async (user: TestUser) => (await pageOf(user)).nextToken;

/** Waits until the instance has noticed that all streams of a test are closed. */
const allClosed = () =>
  until(async () => {
    const client = await follow(app.url, ada);
    const isFree = client.status === 200;
    client.close();
    return isFree;
  });

describe('a stream', () => {
  it('has the headers of one, and is neither stored nor compressed', async () => {
    const { response } = await follow(app.url, ada, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(response.headers['cache-control']).toContain('no-store');
    expect(response.headers['x-accel-buffering']).toBe('no');
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(response.headers['x-request-id']).toBeDefined();
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it('begins now, and has each change as GET /changes has it', async () => {
    await ada.create({ title: 'earlier' });
    const since = await tokenOfNow(ada);
    const stream = await follow(app.url, ada);
    expect(stream.retry).toBeGreaterThan(0);
    const task = await ada.create({ title: 'first' });
    await stream.received(1);
    await ada.api(`/tasks/${task.id}`, { method: 'PATCH', json: { title: 'renamed' } });
    await stream.received(2);
    await ada.api('/lists', { method: 'POST', json: { name: 'Errands' } });
    await stream.received(3);
    await ada.api(`/tasks/${task.id}?permanent=true`, { method: 'DELETE' });
    const changes = await stream.received(4);
    expect(changes.map(({ type }) => type)).toEqual([
      'task.created',
      'task.updated',
      'list.created',
      'task.removed',
    ]);
    expect(stream.events.map(({ id }) => id)).toEqual(changes.map(({ token }) => token));
    // Later than all of them: the latest of each.
    expect((await pageOf(ada, since)).data).toEqual(changes.slice(2));
  });

  it.each([
    { name: 'Last-Event-ID', resume: (token: string) => ({ headers: { 'last-event-id': token } }) },
    { name: '?since=', resume: (token: string) => ({ query: `?since=${token}` }) },
    {
      name: 'Last-Event-ID rather than ?since=',
      resume: (token: string, first: string) => ({
        query: `?since=${first}`,
        headers: { 'last-event-id': token },
      }),
    },
  ])('is resumed by $name', async ({ resume }) => {
    const first = await tokenOfNow(ada);
    const stream = await follow(app.url, ada);
    await ada.create({ title: 'seen' });
    await stream.received(1);
    stream.close();
    await ada.create({ title: 'missed' });
    const resumed = await follow(app.url, ada, resume(stream.lastEventId, first));
    await ada.create({ title: 'live' });
    await resumed.received(2);
    expect(resumed.titles).toEqual(['missed', 'live']);
  });

  it('is resumed from its beginning when nothing had changed', async () => {
    const stream = await follow(app.url, ada);
    stream.close();
    await ada.create({ title: 'missed' });
    const headers = { 'last-event-id': stream.lastEventId };
    const resumed = await follow(app.url, ada, { headers });
    await resumed.received(1);
    expect(resumed.titles).toEqual(['missed']);
  });

  it('has everything after its token, however much that is', async () => {
    const since = await tokenOfNow(ada);
    const create = (i: number) => ({ op: 'create', task: { title: String(i) } });
    for (let batch = 0; batch < 2; batch += 1) {
      const operations = Array.from({ length: 100 }, (_, i) => create(100 * batch + i));
      await ada.api('/tasks/batch', { method: 'POST', json: { operations } });
    }
    const stream = await follow(app.url, ada, { query: `?since=${since}` });
    await stream.received(200);
    expect(stream.titles).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
  });

  it('misses nothing, and has nothing twice or out of order, while many write', async () => {
    const stream = await follow(app.url, ada);
    const others = await Promise.all([1, 2, 3].map(() => follow(app.url, ada)));
    const write = (i: number) => ada.create({ title: String(i) });
    await Promise.all(Array.from({ length: 100 }, (_, i) => write(i)));
    for (const each of [stream, ...others]) {
      await each.received(100);
      expect(new Set(each.titles).size).toBe(100);
      expect(each.titles).toHaveLength(100);
      expect(each.changes).toEqual(stream.changes);
    }
  });

  it('has the rollback of nothing: a dry run is not a change', async () => {
    const stream = await follow(app.url, ada);
    const operations = [{ op: 'create', task: { title: 'never' } }];
    await ada.api('/tasks/batch', { method: 'POST', json: { operations, dryRun: true } });
    await ada.create({ title: 'real' });
    await stream.received(1);
    expect(stream.titles).toEqual(['real']);
  });

  it('has a comment from time to time, so that nothing between closes it', async () => {
    const stream = await follow(app.url, ada);
    await app.nest.get(ChangeStreams, { strict: false }).heartbeat();
    await until(() => Promise.resolve(stream.comments.length > 0));
    expect(
      Reflect.getMetadata('SCHEDULE_INTERVAL_OPTIONS', ChangeStreams.prototype.heartbeat),
    ).toEqual({ timeout: 15_000 });
    expect(stream.events).toEqual([]);
  });

  it('needs no database connection while nothing changes', async () => {
    await Promise.all(Array.from({ length: MAX_STREAMS }, () => follow(app.url, ada)));
    // A heartbeat may be on its way.
    await until(async () => {
      const busy = await sql(`
        select from pg_stat_activity where datname = current_database() and state <> 'idle'
          and backend_type = 'client backend' and pid <> pg_backend_pid()`);
      return busy.length === 0;
    });
    // As many streams as a user can have leave all of the user's connections to requests.
    const pages = await Promise.all(Array.from({ length: 20 }, () => ada.list()));
    expect(pages).toHaveLength(20);
  });

  it('ends at once for a HEAD, which has the same headers', async () => {
    const head = await follow(app.url, ada, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.response.headers['content-type']).toBe('text/event-stream');
    await head.ended();
    await allClosed();
  });
});

describe('instead of a stream', () => {
  it('there is a 401 without a token', async () => {
    const stream = await follow(app.url, { token: 'none' });
    expect(await stream.problem()).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('there is a 406 for who accepts neither events nor JSON', async () => {
    const stream = await follow(app.url, ada, { headers: { accept: 'text/html' } });
    expect(await stream.problem()).toMatchObject({ status: 406, code: 'not_acceptable' });
  });

  it.each(['text/event-stream', '*/*', 'text/*', 'application/json'])(
    'there is a stream for who accepts %s',
    async (accept) => {
      expect((await follow(app.url, ada, { headers: { accept } })).status).toBe(200);
    },
  );

  it.each([
    { name: 'one that was made up', token: () => Promise.resolve('bm90IG9uZQ') },
    { name: `another user's`, token: () => tokenOfNow(eve) },
  ])('there is a 400 for a token that is $name', async ({ token }) => {
    const value = await token();
    const inQuery = await follow(app.url, ada, { query: `?since=${value}` });
    expect(await inQuery.problem()).toMatchObject({
      status: 400,
      code: 'invalid_parameter',
      errors: [{ parameter: 'since', code: 'change_token' }],
    });
    const inHeader = await follow(app.url, ada, { headers: { 'last-event-id': value } });
    expect(await inHeader.problem()).toMatchObject({
      status: 400,
      code: 'invalid_header',
      errors: [{ header: 'last-event-id', code: 'change_token' }],
    });
  });

  it(`tells another user's token from a made-up one by nothing`, async () => {
    const problemOf = async (value: string) => {
      const stream = await follow(app.url, ada, { query: `?since=${value}` });
      const { requestId: _, ...problem } = await stream.problem();
      return problem;
    };
    expect(await problemOf(await tokenOfNow(eve))).toEqual(await problemOf('bm90IG9uZQ'));
  });

  it('there is a 400 for a parameter that is unknown', async () => {
    const stream = await follow(app.url, ada, { query: '?limit=1' });
    expect(await stream.problem()).toMatchObject({ status: 400, code: 'invalid_parameter' });
  });

  it('there is a 410 when entries after the token were purged', async () => {
    const since = await tokenOfNow(ada);
    await ada.create();
    await ada.create();
    await sql(`update change set at = at - interval '100 days' where owner_id = $1`, [ada.id]);
    await sql(`select purge_changes(90, 1000, now())`);
    const stream = await follow(app.url, ada, { query: `?since=${since}` });
    expect(await stream.problem()).toMatchObject({ status: 410, code: 'change_token_expired' });
  });

  it('there is a 429 for the 11th of a user, and none for another user', async () => {
    const streams = await Promise.all(
      Array.from({ length: MAX_STREAMS }, () => follow(app.url, ada)),
    );
    const refused = await follow(app.url, ada);
    expect(await refused.problem()).toMatchObject({
      status: 429,
      code: 'too_many_concurrent_requests',
    });
    expect(Number(refused.response.headers['retry-after'])).toBeGreaterThan(0);
    expect((await follow(app.url, eve)).status).toBe(200);
    streams[0]?.close();
    await allClosed();
  });
});

describe('the metrics', () => {
  it('have the number of open streams, and of those that were one too many', async () => {
    const openStreams = () => countOf(app, 'taskward_streams');
    await until(async () => (await openStreams()) === 0);
    const refused = await countOf(app, 'taskward_refused_total streams');
    const opened = Array.from({ length: MAX_STREAMS }, () => follow(app.url, ada));
    await Promise.all(opened);
    await (await follow(app.url, ada)).problem();
    expect(await openStreams()).toBe(MAX_STREAMS);
    expect(await countOf(app, 'taskward_refused_total streams')).toBe(refused + 1);
    closeStreams();
    await until(async () => (await openStreams()) === 0);
  });
});

describe('the changes of another user', () => {
  it('never appear', async () => {
    const stream = await follow(app.url, eve);
    for (let i = 0; i < 5; i += 1) await ada.create({ title: 'of ada' });
    await eve.create({ title: 'of eve' });
    await stream.received(1);
    expect(stream.titles).toEqual(['of eve']);
  });

  it('do not appear when they are notified by mistake', async () => {
    const stream = await follow(app.url, eve);
    await ada.create({ title: 'of ada' });
    await sql('select pg_notify($1, $2)', [
      'taskward_changes',
      JSON.stringify(['x', ownerOf(eve.id)]),
    ]);
    for (const payload of ['', '{', '[1]']) {
      await sql('select pg_notify($1, $2)', ['taskward_changes', payload]);
    }
    await eve.create({ title: 'of eve' });
    await stream.received(1);
    expect(stream.titles).toEqual(['of eve']);
  });
});
