import {
  MAX_COUNT,
  MAX_INTERVAL,
  type MonthDay,
  type SimpleRule,
  simpleRule,
  type Unit,
  type Weekday,
  WEEKDAYS,
} from './rule';

/** A rule that was read in a text. */
export interface RepeatWords {
  readonly rule: SimpleRule;
  /** Day of the month on which it begins, if the words name one. */
  readonly monthDate: number | undefined;
  readonly start: number;
  readonly end: number;
}

type Groups = Partial<Record<string, string>>;
type Names<Key extends string = string> = Readonly<Record<Key, string>>;

const WEEKDAY_NAMES: Names<Weekday> = {
  MO: 'monday|montag|mon?',
  TU: 'tuesday|dienstag|tues?|di',
  WE: 'wednesday|mittwoch|wed|mi',
  TH: 'thursday|donnerstag|thu(?:rs?)?|do',
  FR: 'friday|freitag|fri?',
  SA: 'saturday|samstag|sonnabend|sat?',
  SU: 'sunday|sonntag|sun|so',
};
const UNIT_NAMES: Names<Unit> = {
  DAILY: 'days?|tage?',
  WEEKLY: 'weeks?|wochen?',
  MONTHLY: 'months?|monate?',
  YEARLY: 'years?|jahre?s?',
};
const ADVERBS: Names<Unit> = {
  DAILY: 'daily|täglich',
  WEEKLY: 'weekly|wöchentlich',
  MONTHLY: 'monthly|monatlich',
  YEARLY: 'yearly|annually|jährlich',
};
const ORDINAL_NAMES: Names = {
  '1': 'first|1st|ersten?',
  '2': 'second|2nd|zweiten?',
  '3': 'third|3rd|dritten?',
  '4': 'fourth|4th|vierten?',
  '-1': 'last|letzten?',
};
const NUMBER_NAMES: Names = {
  '2': 'other|second|two|zweite[ns]?|zwei',
  '3': 'third|three|dritte[ns]?|drei',
  '4': 'four|vier',
  '5': 'five|fünf',
  '6': 'six|sechs',
};

const anyOf = (names: Names) => `(?:${Object.values(names).join('|')})`;
const keyOf = <Key extends string>(names: Names<Key>, word: string) =>
  (Object.keys(names) as Key[]).find((key) => new RegExp(`^(?:${names[key]})$`, 'iu').test(word));

const AND = String.raw`(?:\s*[,&+]\s*(?:(?:and|und)\s+)?|\s+(?:and|und)\s+)`;
const listOf = (name: string) => `${name}(?:${AND}${name})*`;

const EVERY = '(?:every|jede[nrs]?)';
const NUMBER = String.raw`(?:\d+|${anyOf(NUMBER_NAMES)})`;
const WEEKDAY = anyOf(WEEKDAY_NAMES);
const WEEKDAYS_LIST = listOf(String.raw`${WEEKDAY}(?:s|\.)?`);
const ON = String.raw`\s+(?:on|am)\s+(?:the\s+)?`;
/** A day that a rule of months names. */
const MONTH_DAY =
  String.raw`(?<last>last\s+day|letzten\s+tag)|(?<ordinal>${anyOf(ORDINAL_NAMES)})\s+(?<weekday>${WEEKDAY})` +
  String.raw`|(?<date>\d{1,2})(?:st|nd|rd|th|\.)`;
const OF_MONTH = String.raw`\s+(?:of|im|des)\s+(?:(?:the|every|each)\s+)?(?:month|monats?)`;

/** Returns the pattern of a number of units: `every 2 weeks`. */
const every = (unit: string) =>
  String.raw`(?:${EVERY}(?:\s+(?<number>${NUMBER}))?|alle\s+(?<many>${NUMBER}))\s+(?<unit>${unit})`;

/** The ways to say a rule; of those that begin at one place, the longest counts. */
const PATTERNS = [
  every(anyOf(UNIT_NAMES)),
  `${every(UNIT_NAMES.WEEKLY)}${ON}(?<days>${WEEKDAYS_LIST})`,
  `${every(UNIT_NAMES.MONTHLY)}${ON}(?:${MONTH_DAY})`,
  String.raw`${EVERY}\s+(?:(?<number>other|second|zweite[ns]?)\s+)?(?<days>${WEEKDAYS_LIST})`,
  String.raw`${EVERY}\s+(?<ordinal>${anyOf(ORDINAL_NAMES)})\s+(?<weekday>${WEEKDAY})${OF_MONTH}`,
  String.raw`${EVERY}\s+(?<ordinal>first|1st|last|ersten|letzten)\s+(?<weekday>${WEEKDAY})`,
  String.raw`${EVERY}\s+(?:(?<workdays>weekday|workday|werktag)|(?<weekend>weekend|wochenende))`,
  String.raw`(?<workdays>(?:on\s+)?weekdays|werktags|wochentags|an\s+werktagen)`,
  String.raw`on\s+(?<days>${listOf('(?:mon|tues|wednes|thurs|fri|satur|sun)days')})`,
  `(?<days>${listOf('(?:(?:mon|diens|donners|frei|sams|sonn)tags|mittwochs|sonnabends)')})`,
  String.raw`(?<adverb>${anyOf(ADVERBS)})(?=\s*$)`,
].map((source) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`, 'giu'));

/** The number of dates, behind a rule; not `3 times a day`. */
const TIMES =
  /^,?\s+(?:(?<times>\d+)(?:\s+times|-?\s?mal)|once|einmal)(?!\s+(?:a|am|per|pro)\s|\p{L})/iu;

/** Reads weekdays by their names, or by plurals and adverbs of them. */
function weekdaysIn(text: string): Weekday[] {
  const words = text.match(/\p{L}+/gu) ?? [];
  const found = words.map(
    (word) => keyOf(WEEKDAY_NAMES, word) ?? keyOf(WEEKDAY_NAMES, word.replace(/s$/i, '')),
  );
  return WEEKDAYS.filter((weekday) => found.includes(weekday));
}

function monthDayIn({ last, ordinal = '', weekday = '' }: Groups): MonthDay {
  if (last !== undefined) return 'last';
  const [day] = weekdaysIn(weekday);
  const number = keyOf(ORDINAL_NAMES, ordinal);
  return day && number ? { ordinal: Number(number), weekday: day } : 'due';
}

function weekdaysOf({ days = '', workdays, weekend }: Groups): Weekday[] {
  if (workdays !== undefined) return WEEKDAYS.slice(0, -2);
  return weekend === undefined ? weekdaysIn(days) : WEEKDAYS.slice(-2);
}

/** Returns the rule that words say; none if its interval is out of bounds. */
function ruleOf(groups: Groups): SimpleRule | undefined {
  const { number, many = number, unit = '', adverb = '' } = groups;
  const [weekdays, monthDay] = [weekdaysOf(groups), monthDayIn(groups)];
  const implied = monthDay === 'due' ? 'WEEKLY' : 'MONTHLY';
  const rule = simpleRule(keyOf(UNIT_NAMES, unit) ?? keyOf(ADVERBS, adverb) ?? implied);
  const interval = Number(many === undefined ? 1 : (keyOf(NUMBER_NAMES, many) ?? many));
  const isValid = interval >= 1 && interval <= MAX_INTERVAL;
  return isValid ? { ...rule, interval, weekdays, monthDay } : undefined;
}

/** Adds the number of dates that words behind the rule say. */
function withTimes(text: string, found: RepeatWords): RepeatWords {
  const match = TIMES.exec(text.slice(found.end));
  const count = Number(match?.groups?.['times'] ?? 1);
  if (match === null || count < 1 || count > MAX_COUNT) return found;
  return { ...found, rule: { ...found.rule, end: { count } }, end: found.end + match[0].length };
}

/** Finds the first words of a text that say how a task repeats, in English or German. */
export function findRule(text: string): RepeatWords | undefined {
  const found = PATTERNS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ 0: words, index: start, groups = {} }) => {
      const rule = ruleOf(groups);
      const date = groups['date'];
      const monthDate = date === undefined ? undefined : Number(date);
      return rule ? { rule, monthDate, start, end: start + words.length } : [];
    }),
  );
  const [first] = found.sort((one, other) => one.start - other.start || other.end - one.end);
  return first && withTimes(text, first);
}
