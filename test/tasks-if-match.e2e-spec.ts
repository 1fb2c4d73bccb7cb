import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../src/tasks/task.dto.js';
import { startApp, type TestApp } from './support/app.js';
import { signUp, type TestUser } from './support/client.js';

let app: TestApp;
let ada: TestUser;

beforeAll(async () => {
  app = await startApp();
  ada = await signUp(app.url);
});
afterAll(() => app.close());

type Write = [name: string, method: string, path: string, json: unknown, changed: number];
const WRITES: Write[] = [
  ['patch', 'PATCH', '', { title: 'New' }, 200],
  ['complete', 'PATCH', '/complete', { completed: true }, 200],
  ['toggle', 'PATCH', '/complete', undefined, 200],
  ['delete', 'DELETE', '', undefined, 204],
];

/** A task at version 3. */
async function createThird(user = ada): Promise<TaskDto> {
  const { id } = await user.create();
  await user.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'Second' } });
  const json = { title: 'Third' };
  return (await user.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json })).body;
}

describe.each(WRITES)('If-Match on %s', (_, method, path, json, changed) => {
  const write = (id: string, ifMatch: string) =>
    ada.api(`/tasks/${id}${path}`, { method, json, headers: { 'if-match': ifMatch } });

  it.each(['"3"', ' "3" ', '*', '"1", "3"', '"3","4"', '"a,b" , "3"', ',"1",, "3",', 'W/"1", "3"'])(
    'of %s lets version 3 be changed',
    async (ifMatch) => {
      const { id } = await createThird();
      expect((await write(id, ifMatch)).status).toBe(changed);
    },
  );

  it.each([
    ['an older version', '"2"'],
    ['a version to come', '"4"'],
    ['the same version, weak', 'W/"3"'],
    ['a list without it', '"1", "2", W/"3"'],
    ['another spelling of it', '"03"'],
    ['a fraction', '"3.0"'],
    ['nothing in quotes', '""'],
    ['a tag that is no version', '"abc"'],
    ['a tag with a comma', '"1,3"'],
    ['a number past every integer', '"99999999999999999999"'],
    ['a tag beyond ASCII', '"é"'],
  ])('of %s is 412 with the current ETag, and nothing changes', async (__, ifMatch) => {
    const task = await createThird();
    const { status, headers, body } = await write(task.id, ifMatch);
    expect([status, body.code]).toEqual([412, 'precondition_failed']);
    expect(headers.get('etag')).toBe('"3"');
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
  });

  it.each(['3', 'abc', '', ',', '"3', '3"', '"3" "4"', '"3";', "'3'", 'w/"3"', '*, "3"', '"a b"'])(
    'of %j is 400, and nothing changes',
    async (ifMatch) => {
      const task = await createThird();
      const { status, body } = await write(task.id, ifMatch);
      expect([status, body.code]).toEqual([400, 'invalid_header']);
      expect(body.errors).toMatchObject([{ header: 'If-Match', code: 'entity_tag' }]);
      expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
    },
  );

  it('of fifty writers with the same ETag lets one win', async () => {
    const { id } = await createThird();
    const answers = await Promise.all(Array.from({ length: 50 }, () => write(id, '"3"')));
    const lost = method === 'DELETE' ? 404 : 412;
    expect(answers.map(({ status }) => status).sort()).toEqual([
      changed,
      ...Array.from({ length: 49 }, () => lost),
    ]);
  });
});

describe('If-Match', () => {
  it('is looked at before a patch that changes nothing is called a success', async () => {
    const task = await createThird();
    const options = { method: 'PATCH', json: {}, headers: { 'if-match': '"2"' } };
    expect((await ada.api(`/tasks/${task.id}`, options)).status).toBe(412);
  });

  it('of a great many tags and blanks is answered at once', async () => {
    const { id } = await createThird();
    for (const ifMatch of [`,${' '.repeat(6_000)}x`, `${'"1"   ,   '.repeat(700)}x`]) {
      const start = performance.now();
      const options = { method: 'DELETE', headers: { 'if-match': ifMatch } };
      expect((await ada.api(`/tasks/${id}`, options)).status).toBe(400);
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });
});

describe('with REQUIRE_IF_MATCH=true', () => {
  let strict: TestApp;
  let grace: TestUser;

  beforeAll(async () => {
    strict = await startApp({ REQUIRE_IF_MATCH: 'true' });
    grace = await signUp(strict.url, 'grace');
  });
  afterAll(() => strict.close());

  it.each(WRITES)('a %s without If-Match is 428; with it, it succeeds', async (...write) => {
    const [, method, path, json, changed] = write;
    const task = await grace.create();
    const refused = await grace.api(`/tasks/${task.id}${path}`, { method, json });
    expect([refused.status, refused.body.code]).toEqual([428, 'precondition_required']);
    expect((await grace.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
    const headers = { 'if-match': '"1"' };
    const { status } = await grace.api(`/tasks/${task.id}${path}`, { method, json, headers });
    expect(status).toBe(changed);
  });
});
