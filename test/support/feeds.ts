import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import type { CreatedFeedDto } from '../../src/feeds/feed.dto.js';
import type { TestUser } from './client.js';

/** Makes a calendar feed, by default of all tasks as events. */
export async function createFeed(user: TestUser, changes: object = {}): Promise<CreatedFeedDto> {
  const json = { as: 'events', ...changes };
  const { status, body } = await user.api<CreatedFeedDto>('/feeds', { method: 'POST', json });
  if (status !== 201) throw new Error(`POST /feeds: ${JSON.stringify(body)}`);
  return body;
}

/** Returns the secret of a feed's address. */
export const secretOf = ({ url }: Pick<CreatedFeedDto, 'url'>): string =>
  /\/feeds\/(.*)\.ics$/.exec(url)?.[1] ?? '';

/** Returns the address of a feed at an app, which may listen elsewhere than where users see it. */
export const addressAt = (appUrl: string, feed: Pick<CreatedFeedDto, 'url'>): string =>
  `${appUrl}${new URL(feed.url).pathname}`;

/** Reads a calendar, as a program that is none of ours does. */
export const parseCalendar = (text: string): ICAL.Component => {
  const calendar = ICAL.Component.fromString(text);
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(zone);
  }
  return calendar;
};

/** Returns the tasks of a calendar, by the id of the task. */
export const tasksIn = (calendar: ICAL.Component): ReadonlyMap<string, ICAL.Component> =>
  new Map(
    ['vevent', 'vtodo'].flatMap((name) =>
      calendar
        .getAllSubcomponents(name)
        .map((task): [string, ICAL.Component] => [String(task.getFirstPropertyValue('uid')), task]),
    ),
  );

/**
 * Returns the first instants, or days, of a component that repeats. The reader has its own idea of local times that
 * clocks skip or show twice; RFC 5545, 3.3.5 is that of `Temporal`.
 */
export function datesOf(component: ICAL.Component | undefined, count: number): string[] {
  const property = component?.getFirstProperty('dtstart');
  const start = property?.getFirstValue() as ICAL.Time;
  const rule = component?.getFirstPropertyValue('rrule') as ICAL.Recur;
  const zone = property?.getFirstParameter('tzid') ?? 'UTC';
  const iterator = rule.iterator(start);
  const dates: string[] = [];
  while (dates.length < count) {
    const date = iterator.next() as ICAL.Time | null;
    if (date === null) break;
    const local = date.toString();
    const instant = () => Temporal.PlainDateTime.from(local.slice(0, 19)).toZonedDateTime(zone);
    dates.push(date.isDate ? local : new Date(instant().epochMilliseconds).toISOString());
  }
  return dates;
}
