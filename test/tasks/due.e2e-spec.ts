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
    ['2026-12-24', '2026-12-24'],
    ['2024-02-29', '2024-02-29'],
    ['2000-02-29', '2000-02-29'],
    ['0001-01-01', '0001-01-01'],
    ['1582-10-10', '1582-10-10'],
    ['9999-12-31', '9999-12-31'],
    ['2026-12-24T18:30:00Z', '2026-12-24T18:30:00.000Z'],
    ['2026-12-24t18:30:00z', '2026-12-24T18:30:00.000Z'],
    ['2026-12-24T18:30:00.5Z', '2026-12-24T18:30:00.500Z'],
    ['2026-12-24T18:30:00.123000Z', '2026-12-24T18:30:00.123Z'],
    ['2026-12-24T18:30:00.123456Z', '2026-12-24T18:30:00.123Z'],
    ['2026-12-24T18:30:00.999999999+00:00', '2026-12-24T18:30:00.999Z'],
    ['2026-12-24T18:30:00-00:00', '2026-12-24T18:30:00.000Z'],
    ['2026-12-24T00:30:00+02:00', '2026-12-23T22:30:00.000Z'],
    ['2026-12-31T23:59:59.999-05:45', '2027-01-01T05:44:59.999Z'],
    ['2024-02-29T23:00:00+23:59', '2024-02-28T23:01:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0099-12-31T23:59:59.999Z', '0099-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is kept as %s, however it is read or written again', async (due, expected) => {
    const task = await ada.create({ due });
    expect(task.due).toBe(expected);
    const path = `/tasks/${task.id}`;
    expect((await ada.api<TaskDto>(path)).body.due).toBe(expected);
    expect((await ada.list('?limit=1')).data[0]?.due).toBe(expected);
    for (const again of [due, expected]) {
      const { body } = await ada.api<TaskDto>(path, { method: 'PATCH', json: { due: again } });
      expect(body).toEqual(task);
    }
  });

  it.each([
    ['', 'nothing'],
    ['tomorrow', 'a word'],
    ['2026-02-29', 'no leap year'],
    ['1900-02-29', 'no leap year'],
    ['2026-02-30T00:00:00Z', 'no such day'],
    ['2026-13-01', 'no such month'],
    ['2026-00-10', 'no such month'],
    ['2026-04-31', 'no such day'],
    ['2026-01-00', 'no such day'],
    ['0000-01-01', 'year 0'],
    ['10000-01-01', 'five digits'],
    ['-0001-01-01', 'a sign'],
    ['+02026-01-01', 'a sign'],
    ['2026-1-2', 'no zeros'],
    ['20260102', 'no hyphens'],
    [' 2026-01-02', 'a space'],
    ['2026-01-02\n', 'a line break'],
    ['２０２６-01-02', 'digits of another script'],
    ['2026-01-02T03:04:05', 'no offset'],
    ['2026-01-02T03:04Z', 'no seconds'],
    ['2026-01-02 03:04:05Z', 'a space in the place of T'],
    ['2026-01-02T24:00:00Z', 'hour 24'],
    ['2026-01-02T03:60:00Z', 'minute 60'],
    ['2016-12-31T23:59:60Z', 'a leap second'],
    ['2026-01-02T03:04:05.Z', 'a fraction of nothing'],
    ['2026-01-02T03:04:05,123Z', 'a comma before the fraction'],
    ['2026-01-02T03:04:05+24:00', 'an offset of a day'],
    ['2026-01-02T03:04:05+0200', 'an offset without a colon'],
    ['0001-01-01T00:00:00+00:01', 'before year 1 in UTC'],
    ['9999-12-31T23:59:59-00:01', 'after year 9999 in UTC'],
    ['infinity', 'a word of PostgreSQL'],
    ['now', 'a word of PostgreSQL'],
  ])('%j is refused: %s', async (due) => {
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
