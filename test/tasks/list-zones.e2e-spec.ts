import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Zones that crossed the date line, and the day that none of their calendars has. */
const SKIPPED_DAYS = [
  { timeZone: 'Pacific/Apia', day: '2011-12-30' },
  { timeZone: 'Pacific/Fakaofo', day: '2011-12-30' },
  { timeZone: 'Pacific/Kwajalein', day: '1993-08-21' },
  { timeZone: 'Pacific/Kiritimati', day: '1994-12-31' },
  { timeZone: 'Pacific/Enderbury', day: '1994-12-31' },
];

const app = useApp(SECRET_MODE);

/** A new user with two tasks on each day around one, and two at instants around each midnight. */
async function userWithTasksAround(day: string, timeZone: string): Promise<TestUser> {
  const user = await mintUser(app.url, randomUUID());
  const days = [-2, -1, 0, 1, 2].map((days) => Temporal.PlainDate.from(day).add({ days }));
  const midnights = days.map((date) => date.toZonedDateTime(timeZone).epochMilliseconds);
  const instants = midnights.flatMap((at) => [at - 1, at, at + 1].map((ms) => new Date(ms)));
  const rows = [
    ...days.flatMap((date) => [1, 2].map(() => [date.toString(), null])),
    ...instants.map((instant) => [null, instant.toISOString()]),
    [null, null],
  ];
  await withOwner(app.databaseUrl, (client) =>
    client.query(
      `insert into task (owner_id, id, title, due_date, due_at)
       select $1, gen_random_uuid(), 'Task', due_date::date, due_at::timestamptz
         from jsonb_to_recordset($2) as row (due_date text, due_at text)`,
      [user.id, JSON.stringify(rows.map(([due_date, due_at]) => ({ due_date, due_at })))],
    ),
  );
  return user;
}

/** The ids of all pages; one page more than there can be is an error. */
async function idsByPage(user: TestUser, query: string, limit: number, tasks: number) {
  const ids: string[] = [];
  let cursor = '';
  for (let pages = 0; pages <= tasks / limit + 1; pages += 1) {
    const path = `/tasks?${query}&limit=${String(limit)}&cursor=${cursor}`;
    const { body } = await user.api<TaskPageDto>(path);
    ids.push(...body.data.map(({ id }) => id));
    if (body.nextCursor === null) return ids;
    cursor = body.nextCursor;
  }
  throw new Error(`The list ${query} has no end: ${String(ids.length)} tasks so far.`);
}

const startOf = ({ due }: TaskDto, timeZone: string) => {
  if (due === null) return Infinity;
  if (due.includes('T')) return Date.parse(due);
  return Temporal.PlainDate.from(due).toZonedDateTime(timeZone).epochMilliseconds;
};

async function expectPagesToBeTheList(
  user: TestUser,
  timeZone: string,
  sort: string,
  limit: number,
): Promise<void> {
  const query = `sort=${sort}&timeZone=${timeZone}`;
  const { data } = (await user.api<TaskPageDto>(`/tasks?${query}&limit=200`)).body;
  const starts = data.map((task) => startOf(task, timeZone));
  const sorted = starts.toSorted((a, b) => (sort === 'due' || a + b === Infinity ? a - b : b - a));
  expect(starts).toEqual(sorted);
  const ids = data.map(({ id }) => id);
  expect(await idsByPage(user, query, limit, ids.length)).toEqual(ids);
}

describe('a list by due', () => {
  it.each(SKIPPED_DAYS)('ends and is whole where $timeZone has no $day', async (skipped) => {
    const { timeZone, day } = skipped;
    const user = await userWithTasksAround(day, timeZone);
    for (const sort of ['due', '-due']) {
      for (const limit of [1, 2, 3, 7]) await expectPagesToBeTheList(user, timeZone, sort, limit);
    }
  });

  it('ends and is whole in every zone, around its changes of the clock', async () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const from = Date.UTC(1900, 0);
    const day = fc.integer({ min: 0, max: 73_000 }).map((n) => from + n * DAY);
    await fc.assert(
      fc.asyncProperty(
        zone,
        day,
        fc.constantFrom('due', '-due'),
        fc.integer({ min: 1, max: 9 }),
        async (timeZone, at, sort, limit) => {
          const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
          const change = moment.getTimeZoneTransition('next') ?? moment;
          const user = await userWithTasksAround(change.toPlainDate().toString(), timeZone);
          await expectPagesToBeTheList(user, timeZone, sort, limit);
        },
      ),
      { numRuns: 60 },
    );
  });
});
