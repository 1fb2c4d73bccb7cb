import { expect, it } from '@jest/globals';
import { calendarZoneOf } from './time-zones.js';

it('every time zone that a recurrence may have is known', () => {
  const names = [
    'UTC',
    'Etc/UTC',
    'GMT',
    'US/Eastern',
    'EST5EDT',
    ...Intl.supportedValuesOf('timeZone'),
  ];
  expect(names.filter((name) => calendarZoneOf(name) === undefined)).toEqual([]);
});

it('a time zone is found however it is spelled, and has its parameter and its component', () => {
  const zone = calendarZoneOf('europe/BERLIN');
  expect(zone?.parameter).toBe('TZID=Europe/Berlin');
  expect(zone?.component).toMatch(/^BEGIN:VTIMEZONE\r\nTZID:Europe\/Berlin\r\n[^]*END:VTIMEZONE$/);
  expect(calendarZoneOf('EUROPE/Berlin')).toEqual(zone);
});

it('what is no time zone is none', () => {
  expect(calendarZoneOf('Europe/Atlantis')).toBeUndefined();
});
