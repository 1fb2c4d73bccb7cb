import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { processorTime } from '../support/processor-time.js';
import { bareTask } from '../support/tasks.js';

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/** Where the task is before, and what who comes second is told. */
type Start = 'list' | 'trash';
type Write = [
  name: string,
  method: string,
  path: string,
  json: unknown,
  changed: number,
  start: Start,
  lost: number,
];
const ALL = bareTask('New');
const WRITES: Write[] = [
  ['put', 'PUT', '', ALL, 200, 'list', 412],
  ['patch', 'PATCH', '', { title: 'New' }, 200, 'list', 412],
  ['complete', 'PATCH', '/complete', { completed: true }, 200, 'list', 412],
  ['toggle', 'PATCH', '/complete', undefined, 200, 'list', 412],
  ['delete', 'DELETE', '', undefined, 204, 'list', 404],
  ['permanent delete', 'DELETE', '?permanent=true', undefined, 204, 'list', 404],
  ['permanent delete from the trash', 'DELETE', '?permanent=true', undefined, 204, 'trash', 404],
  ['restore', 'POST', '/restore', undefined, 200, 'trash', 404],
];

/** The id of a task at version 3. */
async function createThird(start: Start = 'list'): Promise<string> {
  const { id } = await ada.create();
  await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'Second' } });
  const third =
    start === 'list' ? { method: 'PATCH', json: { title: 'Third' } } : { method: 'DELETE' };
  await ada.api(`/tasks/${id}`, third);
  expect(await stored(id)).toMatchObject([{ version: 3 }]);
  return id;
}

const query = useOwner(() => app);
const STORED = 'select * from task where id = $1';

/** The rows with this id, in the trash or not. */
const stored = (id: string) => query(STORED, [id]);

describe.each(WRITES)('If-Match on %s', (...row) => {
  const [, method, path, json, changed, start, lost] = row;
  const write = (id: string, ifMatch: string) =>
    ada.api(`/tasks/${id}${path}`, { method, json, headers: { 'if-match': ifMatch } });

  it.each(['"3"', ' "3" ', '*', '"1", "3"', '"3","4"', '"a,b" , "3"', ',"1",, "3",', 'W/"1", "3"'])(
    'of %s lets version 3 be changed',
    async (ifMatch) => {
      const id = await createThird(start);
      expect((await write(id, ifMatch)).status).toBe(changed);
    },
  );

  it.each([
    { name: 'an older version', ifMatch: '"2"' },
    { name: 'a version to come', ifMatch: '"4"' },
    { name: 'the same version, weak', ifMatch: 'W/"3"' },
    { name: 'a list without it', ifMatch: '"1", "2", W/"3"' },
    { name: 'another spelling of it', ifMatch: '"03"' },
    { name: 'a fraction', ifMatch: '"3.0"' },
    { name: 'nothing in quotes', ifMatch: '""' },
    { name: 'a tag that is no version', ifMatch: '"abc"' },
    { name: 'a tag with a comma', ifMatch: '"1,3"' },
    { name: 'a number past every integer', ifMatch: '"99999999999999999999"' },
    { name: 'a tag beyond ASCII', ifMatch: '"é"' },
  ])('of $name is 412 with the current ETag, and nothing changes', async ({ ifMatch }) => {
    const id = await createThird(start);
    const before = await stored(id);
    const { status, headers, body } = await write(id, ifMatch);
    expect([status, body.code]).toEqual([412, 'precondition_failed']);
    expect(headers.get('etag')).toBe('"3"');
    expect(await stored(id)).toEqual(before);
  });

  it('explains only for a weak tag of the current version that a proxy weakened it', async () => {
    const id = await createThird(start);
    for (const ifMatch of ['W/"3"', '"1", W/"3"']) {
      const { status, body } = await write(id, ifMatch);
      expect([status, body.detail]).toEqual([412, expect.stringMatching(/a proxy weakened/)]);
    }
    for (const ifMatch of ['W/"2"', '"2"', 'W/"0"']) {
      const { status, body } = await write(id, ifMatch);
      expect([status, body.detail]).toEqual([412, 'The current version is "3".']);
    }
  });

  it.each(['3', 'abc', '', ',', '"3', '3"', '"3" "4"', '"3";', "'3'", 'w/"3"', '*, "3"', '"a b"'])(
    'of %j is 400, and nothing changes',
    async (ifMatch) => {
      const id = await createThird(start);
      const before = await stored(id);
      const { status, body } = await write(id, ifMatch);
      expect([status, body.code]).toEqual([400, 'invalid_header']);
      expect(body.errors).toMatchObject([{ header: 'If-Match', code: 'entity_tag' }]);
      expect(await stored(id)).toEqual(before);
    },
  );

  it('of fifty writers with the same ETag lets one win', async () => {
    const id = await createThird(start);
    const responses = await Promise.all(Array.from({ length: 50 }, () => write(id, '"3"')));
    expect(responses.map(({ status }) => status).sort()).toEqual([
      changed,
      ...Array.from({ length: 49 }, () => lost),
    ]);
  });
});

describe('If-Match', () => {
  it('is looked at before a patch that changes nothing is called a success', async () => {
    const id = await createThird();
    const options = { method: 'PATCH', json: {}, headers: { 'if-match': '"2"' } };
    expect((await ada.api(`/tasks/${id}`, options)).status).toBe(412);
  });

  it('with very many tags and spaces takes no longer', async () => {
    const id = await createThird();
    for (const ifMatch of [`,${' '.repeat(6_000)}x`, `${'"1"   ,   '.repeat(700)}x`]) {
      const options = { method: 'DELETE', headers: { 'if-match': ifMatch } };
      const time = await processorTime(async () => {
        expect((await ada.api(`/tasks/${id}`, options)).status).toBe(400);
      });
      expect(time).toBeLessThan(1_000);
    }
  });
});

describe('with REQUIRE_IF_MATCH=true', () => {
  const strict = useApp({ REQUIRE_IF_MATCH: 'true' });
  let grace: TestUser;
  const strictQuery = useOwner(() => strict);

  beforeAll(async () => {
    grace = await signUp(strict.url, 'grace');
  });

  it.each(WRITES)('a %s without If-Match is 428; with it, it succeeds', async (...write) => {
    const [, method, path, json, changed, start] = write;
    const { id } = await grace.create();
    if (start === 'trash') {
      await grace.api(`/tasks/${id}`, { method: 'DELETE', headers: { 'if-match': '"1"' } });
    }
    const before = await strictQuery(STORED, [id]);
    for (const headers of [{}, { 'if-none-match': '"99"' }]) {
      const refused = await grace.api(`/tasks/${id}${path}`, { method, json, headers });
      expect([refused.status, refused.body.code]).toEqual([428, 'precondition_required']);
      expect(await strictQuery(STORED, [id])).toEqual(before);
    }
    const headers = { 'if-match': start === 'trash' ? '"2"' : '"1"' };
    const { status } = await grace.api(`/tasks/${id}${path}`, { method, json, headers });
    expect(status).toBe(changed);
  });
});
