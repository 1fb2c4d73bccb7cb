import { EntityManager } from '@mikro-orm/postgresql';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { asOwner } from '../../src/database/row-level-security.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { removeScoping } from '../support/locks.js';
import { asDatabaseOwner } from '../support/database.js';
import { until } from '../support/until.js';
import { createWithKey, keptKeys, newKey } from '../support/idempotency.js';
import { startProxiedApp } from '../support/proxied-app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
});
afterEach(async () => {
  jest.restoreAllMocks();
  await sql('alter table idempotency_key enable row level security');
  await sql('delete from task; delete from idempotency_key');
});

const sql = (text: string) => asDatabaseOwner(app, text);
const create = (user: TestUser, key: string, json?: unknown, signal?: AbortSignal) =>
  createWithKey(app, user, key, json, signal);
const countOf = async (user: TestUser) => (await user.list()).data.length;

/** Runs `work` while no key can be written, though all can be read. */
async function whileKeysAreLocked<T>(work: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: app.databaseUrl });
  await client.connect();
  try {
    await client.query('begin; lock table idempotency_key in exclusive mode');
    return await work();
  } finally {
    await client.end();
  }
}

/** Those that have created their task, and now wait to write their key. */
const WAITING = `
  select pid from pg_stat_activity
   where datname = current_database() and wait_event_type = 'Lock'
     and query like '%response_bytes(key, headers, body)%' and pid <> pg_backend_pid()`;
const waits = () => until(async () => (await sql(WAITING)).length > 0);

/** A first request whose connection ends when the task is there and the key is not. */
const crashBetween = (key: string) =>
  whileKeysAreLocked(async () => {
    const running = create(ada, key);
    await waits();
    await sql(`select pg_terminate_backend(pid) from (${WAITING}) waiting`);
    return await running;
  });

describe('the task and the key are one transaction:', () => {
  it('when the key cannot be stored there is no task, and nothing said of one', async () => {
    const key = newKey();
    await sql('alter table idempotency_key add constraint planted check (status < 0)');
    const { status, code, headers } = await create(ada, key);
    await sql('alter table idempotency_key drop constraint planted');
    expect([status, code]).toEqual([500, 'internal_error']);
    expect(['etag', 'location'].filter((name) => headers.has(name))).toEqual([]);
    expect([await countOf(ada), await keptKeys(app)]).toEqual([0, 0]);
    expect((await create(ada, key)).status).toBe(201);
    expect(await countOf(ada)).toBe(1);
  });

  it('the task is not visible before the key is stored', async () => {
    const first = await whileKeysAreLocked(async () => {
      const running = create(ada, newKey());
      await waits();
      expect(await countOf(ada)).toBe(0);
      return { running };
    });
    expect((await first.running).status).toBe(201);
    expect(await countOf(ada)).toBe(1);
  });

  it('a crash between the two leaves neither, and the key free', async () => {
    const key = newKey();
    const { status, code, headers } = await crashBetween(key);
    expect([status, code]).toEqual([503, 'database_unavailable']);
    expect(headers.get('retry-after')).toBe('2');
    expect(headers.has('location')).toBe(false);
    expect([await countOf(ada), await keptKeys(app)]).toEqual([0, 0]);
    expect((await create(ada, key)).status).toBe(201);
    expect(await countOf(ada)).toBe(1);
  });

  it('a connection that is lost in a transaction is replaced, more often than there are any', async () => {
    for (let i = 0; i < 11; i += 1) expect((await crashBetween(newKey())).status).toBe(503);
    expect((await create(ada, newKey())).status).toBe(201);
  });
});

describe('a database that falls silent', () => {
  it('is found again, though every connection was waiting for a transaction to begin', async () => {
    const proxied = await startProxiedApp(SECRET_MODE);
    try {
      // As many as the pool has connections, and of each no more than one user may hold.
      const users = await Promise.all(
        Array.from({ length: 10 }, (_, i) => mintUser(proxied.url, `grace-${String(i % 3)}`)),
      );
      const many = () => Promise.all(users.map((user) => createWithKey(proxied, user, newKey())));
      const statuses = async () => (await many()).map(({ status }) => status);
      expect(await statuses()).toEqual(Array<number>(10).fill(201));
      proxied.proxy.freeze();
      expect(await statuses()).toEqual(Array<number>(10).fill(503));
      proxied.proxy.mend();
      expect(await statuses()).toEqual(Array<number>(10).fill(201));
    } finally {
      await proxied.close();
    }
  });
});

describe('while the first request with a key is running', () => {
  it.each<{ name: string; json: unknown }>([
    { name: 'the same body', json: undefined },
    { name: 'another body', json: { title: 'Buy bread' } },
  ])('a second one with $name is 409, and only one task is made', async ({ json }) => {
    const key = newKey();
    const { first, second, others } = await whileKeysAreLocked(async () => {
      const running = create(ada, key);
      await waits();
      const others = eve.create();
      return { first: running, second: await create(ada, key, json), others: await others };
    });
    expect([second.status, second.code]).toEqual([409, 'request_in_progress']);
    expect(second.headers.get('retry-after')).toBe('1');
    expect((await first).status).toBe(201);
    expect((await create(ada, key)).headers.get('idempotency-replayed')).toBe('true');
    expect(await countOf(ada)).toBe(1);
    expect(others.title).toBe('Buy milk');
  });

  it('a client that disconnects gets the response when it retries', async () => {
    const key = newKey();
    await whileKeysAreLocked(async () => {
      const aborted = new AbortController();
      const running = create(ada, key, undefined, aborted.signal);
      await waits();
      aborted.abort();
      await expect(running).rejects.toThrow();
    });
    await until(async () => (await keptKeys(app)) === 1);
    expect((await create(ada, key)).headers.get('idempotency-replayed')).toBe('true');
    expect(await countOf(ada)).toBe(1);
  });

  it('its key is free for another user', async () => {
    const key = newKey();
    const both = await whileKeysAreLocked(async () => {
      const running = [create(ada, key), create(eve, key)];
      await until(async () => (await sql(WAITING)).length === 2);
      return running;
    }).then((running) => Promise.all(running));
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
  });
});

describe('a key that is done', () => {
  /** Holds the lock of a key as another request does that gives its response again. */
  async function whileLockIsHeld<T>(key: string, work: () => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: app.databaseUrl });
    await client.connect();
    try {
      const lock = 'select pg_advisory_lock(hashtextextended($1, hashtextextended($2, 0)))';
      await client.query(lock, [key, ada.id]);
      return await work();
    } finally {
      await client.end();
    }
  }

  it('is never 409, though its lock is held: between a commit and its end, or by another replay', async () => {
    const key = newKey();
    const first = await create(ada, key);
    const [again, other] = await whileLockIsHeld(key, () =>
      Promise.all([create(ada, key), create(ada, key, { title: 'Buy bread' })]),
    );
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([other.status, other.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await countOf(ada)).toBe(1);
  });

  it('is 409 as long as it is not done', async () => {
    const key = newKey();
    const { status, code } = await whileLockIsHeld(key, () => create(ada, key));
    expect([status, code]).toEqual([409, 'request_in_progress']);
    expect((await create(ada, key)).status).toBe(201);
  });

  it('gives each of many the first response', async () => {
    const key = newKey();
    const { text } = await create(ada, key);
    for (let round = 0; round < 10; round += 1) {
      const replays = await Promise.all(Array.from({ length: 8 }, () => create(ada, key)));
      expect(new Set(replays.map((replay) => replay.text))).toEqual(new Set([text]));
    }
  });
});

describe('each of the two locks alone hides a response from others:', () => {
  /** Whether eve gets the answer that ada's key has. */
  async function eveSeesIt(): Promise<boolean> {
    const key = newKey();
    const first = await create(ada, key);
    const { status, text } = await create(eve, key);
    expect(status).toBe(201);
    return text === first.text;
  }

  it('the condition, without row-level security', async () => {
    await sql('alter table idempotency_key disable row level security');
    expect(await eveSeesIt()).toBe(false);
  });

  it('row-level security, without the condition', async () => {
    removeScoping((text) => text.includes('select encode(fingerprint'));
    expect(await eveSeesIt()).toBe(false);
  });

  it('and without both she does, so the two above prove something', async () => {
    removeScoping((text) => text.includes('select encode(fingerprint'));
    await sql('alter table idempotency_key disable row level security');
    expect(await eveSeesIt()).toBe(true);
  });
});

describe('the database', () => {
  const run = (text: string) => app.nest.get(EntityManager).execute(text);
  const affected = (text: string) =>
    app.nest.get(EntityManager).execute<{ affectedRows: number }>(text, [], 'run');
  const INSERT = `insert into idempotency_key (owner_id, key, fingerprint, status, headers, body)
    values ('ada', 'planted', '', 201, '{}', '{}')`;
  const DENIED = expect.objectContaining({ code: '42501' });

  it('shows no key when no owner is set, and to each owner their own', async () => {
    await create(ada, newKey());
    const select = () => run('select * from idempotency_key');
    expect(await select()).toEqual([]);
    expect(await asOwner('eve', select)).toEqual([]);
    expect(await asOwner('', select)).toEqual([]);
    expect(await asOwner('ada', select)).toHaveLength(1);
  });

  it('takes no key for another owner, and lets none be changed or removed', async () => {
    await create(ada, newKey());
    await expect(run(INSERT)).rejects.toEqual(DENIED);
    await expect(asOwner('eve', () => run(INSERT))).rejects.toEqual(DENIED);
    for (const text of ['delete from idempotency_key', 'update idempotency_key set status = 1']) {
      expect(await affected(text)).toMatchObject({ affectedRows: 0 });
      expect(await asOwner('eve', () => affected(text))).toMatchObject({ affectedRows: 0 });
    }
    expect(await keptKeys(app)).toBe(1);
  });
});
