import * as de from 'chrono-node/de';
import * as en from 'chrono-node/en';
import { addDays, dayOf, instantOf, offsetMinutes } from './zone';

type Chrono = typeof en.casual;
type Result = ReturnType<Chrono['parse']>[number];

/** A due that was read in a text. */
export interface DueWords {
  readonly due: string;
  readonly text: string;
  /** The part that is no title. Empty if the words say more than the due, as `3 to 5pm` does. */
  readonly start: number;
  readonly end: number;
}

/** The situation of the person who writes. */
export interface Writer {
  /** BCP 47; decides which language is tried first, and whether days come before months. */
  readonly language: string;
  readonly timeZone: string;
  readonly now: Date;
}

/** Adds `24.12.`, which chrono reads with a year alone. */
function withGermanDays(chrono: Chrono): Chrono {
  const extended = chrono.clone();
  extended.parsers.push({
    pattern: () => /(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?!\d)/,
    extract: (context, [, day, month]) => {
      const isDate =
        Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;
      return isDate
        ? context.createParsingComponents({ day: Number(day), month: Number(month) })
        : null;
    },
  });
  return extended;
}

const german = withGermanDays(de.casual);
const MONTH_FIRST = /^en-(US|PH|CA)|^en$/;

function parsersFor(language: string): Chrono[] {
  const english = MONTH_FIRST.test(language) ? en.casual : en.GB;
  return language.startsWith('de') ? [german, english] : [english, german];
}

/** Hours of words that name a part of the day; chrono's own are for logs, not for plans. */
const HOURS: Record<string, string> = {
  morning: '09:00',
  noon: '12:00',
  afternoon: '15:00',
  evening: '19:00',
  tonight: '20:00',
  midnight: '00:00',
};

/** Lengths, the past, and the present moment: words about time, not about when a task is due. */
const NO_DUE = /^(a|an|for|last|ein|eine|einen|letzten?|letztes|vor|now|jetzt)(\s|$)|\sago$/i;
/** `every 2 hours`: words about a rule that tasks cannot have. */
const REPEATING = /(?:^|\s)(?:every|each|jede[nrs]?|alle)\s+$/i;
/** `Sun cream`, `So ein Mist`: short names of days count at the end alone, and with a capital in German. */
const SHORT_DAY = /^[\p{L}]{2,3}\.?$/u;
const LETTER = /[\p{L}\p{N}\p{M}_]/u;

function isWhole(text: string, { index, text: words }: Result): boolean {
  const before = text.slice(0, index).at(-1) ?? ' ';
  const after = text.slice(index + words.length).at(0) ?? ' ';
  return !LETTER.test(before) && !LETTER.test(after);
}

function isShortDay(text: string, { index, text: words }: Result): boolean {
  if (!SHORT_DAY.test(words)) return true;
  const isLast = text.slice(index + words.length).trim() === '';
  return isLast && index > 0 && (words.length > 2 || /^\p{Lu}/u.test(words));
}

/** `guten Morgen`: within a sentence the capital makes a noun of it. */
const isNoun = ({ index, text }: Result) => text === 'Morgen' && index > 0;

function partOfDay(result: Result): string | undefined {
  for (const tag of result.tags()) {
    const hour = HOURS[tag.replace('casualReference/', '')];
    if (hour !== undefined) return hour;
  }
  return undefined;
}

function isDue(text: string, result: Result): boolean {
  const { start } = result;
  const isMonthAlone =
    start.isCertain('month') && !start.isCertain('day') && !start.isCertain('weekday');
  return (
    isWhole(text, result) &&
    !REPEATING.test(text.slice(0, result.index)) &&
    isShortDay(text, result) &&
    !isNoun(result) &&
    !isMonthAlone &&
    !NO_DUE.test(result.text)
  );
}

/** Words that belong to a due and that chrono leaves: `by Friday`, `bis Freitag`. */
const LEADING = /(?<=^|\s)(at|on|by|due|until|till|from|starting|um|am|bis|ab)\s+$/i;

const twoDigits = (number: number | null) => String(number ?? 0).padStart(2, '0');

function dueOf(result: Result, { timeZone, now }: Writer): string {
  const { start } = result;
  // An hour of now, or one in a zone that the text names, is an instant already.
  if (start.isCertain('timezoneOffset') && start.isCertain('hour')) {
    return result.date().toISOString();
  }
  const year = String(start.get('year')).padStart(4, '0');
  const day = `${year}-${twoDigits(start.get('month'))}-${twoDigits(start.get('day'))}`;
  const time = start.isCertain('hour')
    ? `${twoDigits(start.get('hour'))}:${twoDigits(start.get('minute'))}`
    : partOfDay(result);
  if (time === undefined) return day;
  const instant = instantOf(day, time, timeZone);
  // `noon`, said in the afternoon.
  const isPast = instant < now && !start.isCertain('day') && !start.isCertain('weekday');
  const isToday = day === dayOf(now, timeZone);
  return (isPast && isToday ? instantOf(addDays(day, 1), time, timeZone) : instant).toISOString();
}

/** Finds the last words of a text that say when something is due, in the person's language or the other. */
export function findDue(text: string, writer: Writer): DueWords | undefined {
  const reference = {
    instant: writer.now,
    timezone: offsetMinutes(writer.now, writer.timeZone),
  };
  for (const chrono of parsersFor(writer.language)) {
    const results = chrono.parse(text, reference, { forwardDate: true });
    const found = results.filter((result) => isDue(text, result)).at(-1);
    if (found !== undefined) {
      const [lead = ''] = LEADING.exec(text.slice(0, found.index)) ?? [];
      const start = found.index - lead.length;
      const words = lead + found.text;
      const end = found.end ? start : start + words.length;
      return { due: dueOf(found, writer), text: words, start, end };
    }
  }
  return undefined;
}
