import { daysInMonth, toDay } from './calendar.js';
import type { Frequency, OrdinalWeekday, Until } from './rule.js';

/** Limits that keep the cost of a rule bounded. */
export const MAX_INTERVAL = 10_000;
export const MAX_COUNT = 10_000;

/** A rule that RFC 5545 or Taskward does not allow. The message continues "rule …". */
export class InvalidRule extends Error {}

const FREQUENCIES: ReadonlySet<string> = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z?))?$/;

const isFrequency = (value: string): value is Frequency => FREQUENCIES.has(value);

function parseFrequency(value: string): Frequency {
  if (isFrequency(value)) return value;
  throw new InvalidRule('must have a FREQ of DAILY, WEEKLY, MONTHLY or YEARLY');
}

const integer = (max: number) => (value: string, name: string) => {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= max) return number;
  throw new InvalidRule(`must have a number from 1 to ${max} as ${name}`);
};

const listOf =
  <T>(parse: (element: string, name: string) => T) =>
  (value: string, name: string): T[] =>
    value.split(',').map((element) => parse(element, name));

/** A list of numbers from 1 to `max`, and of the negative ones, which count from the end. */
const signedIntegers = (max: number) =>
  listOf((element, name) => {
    const number = /^[+-]?\d{1,3}$/.test(element) ? Number(element) : 0;
    if (number !== 0 && Math.abs(number) <= max) return number;
    throw new InvalidRule(`must have numbers from 1 to ${max}, or from -${max} to -1, in ${name}`);
  });

function parseWeekday(value: string, name: string): number {
  const weekday = WEEKDAYS.indexOf(value);
  if (weekday !== -1) return weekday;
  throw new InvalidRule(`must have weekdays such as MO in ${name}`);
}

function parseOrdinalWeekday(value: string, name: string): OrdinalWeekday {
  const ordinal = value.slice(0, -2);
  return {
    weekday: parseWeekday(value.slice(-2), name),
    ordinal: ordinal === '' ? null : (signedIntegers(53)(ordinal, name)[0] ?? null),
  };
}

function parseUntil(value: string): Until {
  const [year = 0, month = 0, day = 0, ...time] = UNTIL.exec(value)?.slice(1, 7).map(Number) ?? [];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    throw new InvalidRule('must have a date or a date-time, such as 20271231T235959Z, as UNTIL');
  }
  const [hours = 0, minutes = 0, seconds = 0] = time;
  return {
    day: toDay(year, month, day),
    time: value.includes('T') ? ((hours * 60 + minutes) * 60 + seconds) * 1000 : null,
    isUtc: value.endsWith('Z'),
  };
}

/** Parsers of the parts that a rule may have, by name. Others such as `BYHOUR` are not supported. */
export const PARTS = {
  FREQ: parseFrequency,
  INTERVAL: integer(MAX_INTERVAL),
  COUNT: integer(MAX_COUNT),
  UNTIL: parseUntil,
  WKST: parseWeekday,
  BYMONTH: listOf(integer(12)),
  BYMONTHDAY: signedIntegers(31),
  BYYEARDAY: signedIntegers(366),
  BYWEEKNO: signedIntegers(53),
  BYDAY: listOf(parseOrdinalWeekday),
  BYSETPOS: signedIntegers(366),
};

export type PartName = keyof typeof PARTS;

/** The values of a rule's parts. */
export type PartValues = { readonly [Name in PartName]?: ReturnType<(typeof PARTS)[Name]> };

export const isPartName = (name: string): name is PartName => Object.hasOwn(PARTS, name);
