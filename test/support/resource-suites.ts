import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { claims, signWithSecret } from './secret-mode.js';

/** A resource that the suites are run against. */
export interface ResourceCase {
  /** Path of the collection. */
  readonly path: string;
  /** Field that has the title; default: `title`. */
  readonly field?: 'title' | 'name';
  /** Body of a create; each has another title. */
  readonly create: (title: string) => object;
  /** Body of a PUT that has all fields. */
  readonly replace: (title: string) => object;
}

interface Resource {
  readonly id: string;
  readonly title?: string;
  readonly name?: string;
  readonly version: number;
}

interface Page {
  readonly data: Resource[];
  readonly nextCursor: string | null;
}

interface Request {
  readonly method?: string;
  readonly json?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Response<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

class Client {
  readonly #token: Promise<string>;

  constructor(
    private readonly base: () => string,
    sub: string,
  ) {
    this.#token = signWithSecret(claims({ sub }));
  }

  async send<Body = Resource>(
    path = '',
    { method = 'GET', json, headers }: Request = {},
  ): Promise<Response<Body>> {
    const response = await fetch(`${this.base()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.#token}`,
        ...(json && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json && { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    const body = (text === '' ? undefined : JSON.parse(text)) as Body;
    return { status: response.status, headers: response.headers, text, body };
  }
}

/** Runs every suite that a resource has to pass, whatever it is. */
export function describeResource(url: () => string, resource: ResourceCase): void {
  const base = () => `${url()}${resource.path}`;
  const field = resource.field ?? 'title';
  let [ada, eve] = [new Client(base, 'ada'), new Client(base, 'eve')];
  let own: Resource;
  let count = 0;

  const create = async (client = ada, headers: Request['headers'] = {}) => {
    count += 1;
    const json = resource.create(`Title ${String(count)}`);
    return client.send('', { method: 'POST', json, headers });
  };

  beforeAll(() => {
    const run = randomUUID();
    [ada, eve] = [new Client(base, `ada ${run}`), new Client(base, `eve ${run}`)];
  });
  beforeEach(async () => {
    own = (await create()).body;
  });

  describe(`${resource.path}: create and get`, () => {
    it('return the same resource, its ETag, and its Location once', async () => {
      const created = await create();
      expect(created.status).toBe(201);
      expect(created.headers.get('location')).toBe(`${resource.path}/${created.body.id}`);
      const found = await ada.send(`/${created.body.id}`);
      expect(found.body).toEqual(created.body);
      expect(found.headers.get('etag')).toBe('"1"');
      expect(found.headers.get('cache-control')).toBe('private, no-cache');
    });

    it('need a token, refuse unknown members with 422 and unknown parameters with 400', async () => {
      expect((await fetch(base())).status).toBe(401);
      const json = { ...resource.create('x'), owner: 'eve' };
      expect((await ada.send('', { method: 'POST', json })).status).toBe(422);
      expect((await ada.send(`/${own.id}?x=1`)).status).toBe(400);
    });
  });

  describe(`${resource.path}: isolation`, () => {
    const requests: [method: string, path: string, json?: () => object][] = [
      ['GET', ''],
      ['PUT', '', () => resource.replace('Taken')],
      ['PATCH', '', () => ({ [field]: 'Taken' })],
      ['DELETE', ''],
      ['DELETE', '?permanent=true'],
      ['POST', '/restore'],
    ];

    it.each(requests)(
      '%s %s of a foreign id is answered as that of a made-up one',
      async (...request) => {
        const [method, path, json] = request;
        const responseTo = async (id: string) => {
          const { status, text } = await eve.send(`/${id}${path}`, { method, json: json?.() });
          return [status, text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/, '')];
        };
        expect(await responseTo(own.id)).toEqual(await responseTo(randomUUID()));
        expect((await ada.send(`/${own.id}`)).body).toEqual(own);
      },
    );

    it('lists nothing of another user', async () => {
      expect((await eve.send<Page>('')).body.data).toEqual([]);
    });
  });

  describe(`${resource.path}: preconditions`, () => {
    it('of fifty writers with the same ETag one wins, and the others get 412 with the current one', async () => {
      const headers = { 'if-match': '"1"' };
      const writers = Array.from({ length: 50 }, (_, n) =>
        ada.send(`/${own.id}`, {
          method: 'PATCH',
          json: { [field]: `Writer ${String(n)}` },
          headers,
        }),
      );
      const statuses = (await Promise.all(writers)).map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array<number>(49).fill(412)]);
    });

    it('are kept by each write, and 412 names the current ETag', async () => {
      const headers = { 'if-match': '"7"' };
      for (const [method, json] of [
        ['PUT', resource.replace('x')],
        ['PATCH', { [field]: 'x' }],
        ['DELETE', undefined],
      ] as const) {
        const refused = await ada.send(`/${own.id}`, { method, json, headers });
        expect([refused.status, refused.headers.get('etag')]).toEqual([412, '"1"']);
      }
      expect((await ada.send(`/${own.id}`)).body).toEqual(own);
    });

    it('of a read are 304 for the version that the client has, and 412 for one that has changed', async () => {
      const get = async (headers: Request['headers']) =>
        (await ada.send(`/${own.id}`, { headers: headers ?? {} })).status;
      expect(await get({ 'if-none-match': '"1"' })).toBe(304);
      expect(await get({ 'if-none-match': '"2"' })).toBe(200);
      expect(await get({ 'if-match': '"2"' })).toBe(412);
    });

    it('a change that changes nothing makes no version', async () => {
      const json = { [field]: own[field] };
      const { body } = await ada.send(`/${own.id}`, { method: 'PATCH', json });
      expect(body).toEqual(own);
    });
  });

  describe(`${resource.path}: idempotency`, () => {
    it('replays the first response to a key, and refuses the key for another body', async () => {
      const headers = { 'idempotency-key': randomUUID() };
      const json = resource.create('Once');
      const first = await ada.send('', { method: 'POST', json, headers });
      const again = await ada.send('', { method: 'POST', json, headers });
      expect([again.status, again.text]).toEqual([201, first.text]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const other = await ada.send('', { method: 'POST', json: resource.create('Twice'), headers });
      expect(other.status).toBe(422);
      const foreign = await eve.send('', { method: 'POST', json, headers });
      expect(foreign.headers.get('idempotency-replayed')).toBeNull();
    });
  });

  describe(`${resource.path}: trash`, () => {
    it('takes what is deleted and gives it back, a version later each time', async () => {
      const { status } = await ada.send(`/${own.id}`, { method: 'DELETE' });
      expect(status).toBe(204);
      expect((await ada.send(`/${own.id}`)).status).toBe(404);
      expect((await ada.send(`/${own.id}`, { method: 'DELETE' })).status).toBe(404);
      const { data } = (await ada.send<Page>('?trashed=true')).body;
      expect(data.map(({ id }) => id)).toContain(own.id);
      const restored = await ada.send(`/${own.id}/restore`, { method: 'POST' });
      expect(restored.body).toMatchObject({ id: own.id, [field]: own[field], version: 3 });
      expect((await ada.send(`/${own.id}/restore`, { method: 'POST' })).status).toBe(404);
    });

    it('lets go of what is deleted permanently, from the list and from the trash', async () => {
      const trashed = (await create()).body;
      await ada.send(`/${trashed.id}`, { method: 'DELETE' });
      for (const id of [own.id, trashed.id]) {
        const { status } = await ada.send(`/${id}?permanent=true`, { method: 'DELETE' });
        expect(status).toBe(204);
        expect((await ada.send(`/${id}/restore`, { method: 'POST' })).status).toBe(404);
      }
    });
  });

  describe(`${resource.path}: pages`, () => {
    const SIZE = 2;
    const pagesOf = async (client: Client) => {
      const pages: Resource[][] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query = `?limit=${String(SIZE)}&cursor=${cursor}`;
        const page: Response<Page> = await client.send<Page>(query);
        pages.push(page.body.data);
        expect(page.headers.get('link') === null).toBe(page.body.nextCursor === null);
        cursor = page.body.nextCursor;
      }
      return pages;
    };

    it('have every row once, and as many rows as the limit, but for the last', async () => {
      const reader = new Client(base, `reader ${randomUUID()}`);
      const created = [];
      for (let n = 0; n < 2 * SIZE + 1; n += 1) created.push((await create(reader)).body.id);
      const pages = await pagesOf(reader);
      expect(pages.map(({ length }) => length)).toEqual([SIZE, SIZE, 1]);
      const ids = pages.flat().map(({ id }) => id);
      expect(ids.sort()).toEqual(created.sort());
    });

    it('refuse a cursor of another user, of the trash, and one that was changed', async () => {
      for (let n = 0; n < SIZE; n += 1) await create();
      const { nextCursor } = (await ada.send<Page>(`?limit=1`)).body;
      const cursor = String(nextCursor);
      expect((await ada.send(`?limit=1&cursor=${cursor}`)).status).toBe(200);
      const flipped = (cursor.startsWith('A') ? 'B' : 'A') + cursor.slice(1);
      expect((await eve.send(`?limit=1&cursor=${cursor}`)).status).toBe(400);
      expect((await ada.send(`?limit=1&trashed=true&cursor=${cursor}`)).status).toBe(400);
      expect((await ada.send(`?limit=1&cursor=${flipped}`)).status).toBe(400);
    });
  });
}
