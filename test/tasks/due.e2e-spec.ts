import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

describe('due', () => {
  it.each([
    { due: '2026-12-24', expected: '2026-12-24' },
    { due: '2024-02-29', expected: '2024-02-29' },
    { due: '2000-02-29', expected: '2000-02-29' },
    { due: '0001-01-01', expected: '0001-01-01' },
    { due: '1582-10-10', expected: '1582-10-10' },
    { due: '9999-12-31', expected: '9999-12-31' },
    { due: '2026-12-24T18:30:00Z', expected: '2026-12-24T18:30:00.000Z' },
    { due: '2026-12-24t18:30:00z', expected: '2026-12-24T18:30:00.000Z' },
    { due: '2026-12-24T18:30:00.5Z', expected: '2026-12-24T18:30:00.500Z' },
    { due: '2026-12-24T18:30:00.123000Z', expected: '2026-12-24T18:30:00.123Z' },
    { due: '2026-12-24T18:30:00.123456Z', expected: '2026-12-24T18:30:00.123Z' },
    { due: '2026-12-24T18:30:00.999999999+00:00', expected: '2026-12-24T18:30:00.999Z' },
    { due: '2026-12-24T18:30:00-00:00', expected: '2026-12-24T18:30:00.000Z' },
    { due: '2026-12-24T00:30:00+02:00', expected: '2026-12-23T22:30:00.000Z' },
    { due: '2026-12-31T23:59:59.999-05:45', expected: '2027-01-01T05:44:59.999Z' },
    { due: '2024-02-29T23:00:00+23:59', expected: '2024-02-28T23:01:00.000Z' },
    { due: '0001-01-01T00:00:00Z', expected: '0001-01-01T00:00:00.000Z' },
    { due: '0099-12-31T23:59:59.999Z', expected: '0099-12-31T23:59:59.999Z' },
    { due: '9999-12-31T23:59:59.999Z', expected: '9999-12-31T23:59:59.999Z' },
  ])(
    '$due is kept as $expected, however it is read or written again',
    async ({ due, expected }) => {
      const task = await ada.create({ due });
      expect(task.due).toBe(expected);
      const path = `/tasks/${task.id}`;
      expect((await ada.api<TaskDto>(path)).body.due).toBe(expected);
      expect((await ada.list('?limit=1')).data[0]?.due).toBe(expected);
      for (const again of [due, expected]) {
        const { body } = await ada.api<TaskDto>(path, { method: 'PATCH', json: { due: again } });
        expect(body).toEqual(task);
      }
    },
  );

  it.each([
    { due: '', detail: 'nothing' },
    { due: 'tomorrow', detail: 'a word' },
    { due: '2026-02-29', detail: 'no leap year' },
    { due: '1900-02-29', detail: 'no leap year' },
    { due: '2026-02-30T00:00:00Z', detail: 'no such day' },
    { due: '2026-13-01', detail: 'no such month' },
    { due: '2026-00-10', detail: 'no such month' },
    { due: '2026-04-31', detail: 'no such day' },
    { due: '2026-01-00', detail: 'no such day' },
    { due: '0000-01-01', detail: 'year 0' },
    { due: '10000-01-01', detail: 'five digits' },
    { due: '-0001-01-01', detail: 'a sign' },
    { due: '+02026-01-01', detail: 'a sign' },
    { due: '2026-1-2', detail: 'no zeros' },
    { due: '20260102', detail: 'no hyphens' },
    { due: ' 2026-01-02', detail: 'a space' },
    { due: '2026-01-02\n', detail: 'a line break' },
    { due: '２０２６-01-02', detail: 'digits of another script' },
    { due: '2026-01-02T03:04:05', detail: 'no offset' },
    { due: '2026-01-02T03:04Z', detail: 'no seconds' },
    { due: '2026-01-02 03:04:05Z', detail: 'a space in the place of T' },
    { due: '2026-01-02T24:00:00Z', detail: 'hour 24' },
    { due: '2026-01-02T03:60:00Z', detail: 'minute 60' },
    { due: '2016-12-31T23:59:60Z', detail: 'a leap second' },
    { due: '2026-01-02T03:04:05.Z', detail: 'a fraction of nothing' },
    { due: '2026-01-02T03:04:05,123Z', detail: 'a comma before the fraction' },
    { due: '2026-01-02T03:04:05+24:00', detail: 'an offset of a day' },
    { due: '2026-01-02T03:04:05+0200', detail: 'an offset without a colon' },
    { due: '0001-01-01T00:00:00+00:01', detail: 'before year 1 in UTC' },
    { due: '9999-12-31T23:59:59-00:01', detail: 'after year 9999 in UTC' },
    { due: 'infinity', detail: 'a word of PostgreSQL' },
    { due: 'now', detail: 'a word of PostgreSQL' },
  ])('$due is refused: $detail', async ({ due }) => {
    const { status, body } = await ada.api('/tasks', { method: 'POST', json: { title: 'a', due } });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ pointer: '/due', code: 'due' }]);
  });

  it('turns from a day into an instant, and back, and into nothing', async () => {
    const { id } = await ada.create({ due: '2026-12-24' });
    const set = async (due: string | null) =>
      (await ada.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json: { due } })).body;
    expect(await set('2026-12-24T00:00:00Z')).toMatchObject({
      due: '2026-12-24T00:00:00.000Z',
      version: 2,
    });
    expect(await set('2026-12-24')).toMatchObject({ due: '2026-12-24', version: 3 });
    expect(await set(null)).toMatchObject({ due: null, version: 4 });
  });
});
