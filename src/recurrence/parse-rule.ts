import type { Rule } from './rule.js';
import { InvalidRule, isPartName, PARTS, type PartValues } from './rule-parts.js';

/** In characters. */
export const MAX_RULE_LENGTH = 500;

const PART = /^([A-Z]+)=([A-Z0-9,+-]+)$/i;
const TIME_OF_DAY = /^BY(?:HOUR|MINUTE|SECOND)$/;

/** Parses parts in any order and case. Rejects unknown and repeated ones. */
function parseParts(rule: string): PartValues {
  const values: Record<string, unknown> = {};
  for (const part of rule.split(';')) {
    const [, name = '', value = ''] = PART.exec(part)?.map((group) => group.toUpperCase()) ?? [];
    if (name === '') {
      throw new InvalidRule('must be parts such as FREQ=WEEKLY, separated by semicolons');
    }
    if (TIME_OF_DAY.test(name)) {
      throw new InvalidRule(`must not have ${name}: the time of day is that of due`);
    }
    if (!isPartName(name)) throw new InvalidRule(`must not have the part ${name.slice(0, 20)}`);
    if (Object.hasOwn(values, name)) throw new InvalidRule(`must not have ${name} twice`);
    values[name] = PARTS[name](value, name);
  }
  return values;
}

/** Throws for combinations of parts that RFC 5545 forbids. */
function assertCompatible(parts: PartValues): void {
  const { FREQ: frequency } = parts;
  const hasOrdinals = parts.BYDAY?.some(({ ordinal }) => ordinal !== null) === true;
  const forbid = (isBroken: boolean, message: string) => {
    if (isBroken) throw new InvalidRule(message);
  };
  forbid(frequency === undefined, 'must have the part FREQ');
  forbid(
    parts.COUNT !== undefined && parts.UNTIL !== undefined,
    'must not have both COUNT and UNTIL',
  );
  forbid(
    parts.BYMONTHDAY !== undefined && frequency === 'WEEKLY',
    'must not have BYMONTHDAY with FREQ=WEEKLY',
  );
  for (const name of ['BYYEARDAY', 'BYWEEKNO'] as const) {
    forbid(
      parts[name] !== undefined && frequency !== 'YEARLY',
      `must have FREQ=YEARLY with ${name}`,
    );
  }
  forbid(
    hasOrdinals && frequency !== 'MONTHLY' && frequency !== 'YEARLY',
    'must have FREQ=MONTHLY or FREQ=YEARLY with a number in BYDAY',
  );
  forbid(
    hasOrdinals && parts.BYWEEKNO !== undefined,
    'must not have a number in BYDAY with BYWEEKNO',
  );
  forbid(
    parts.BYSETPOS !== undefined && !hasOtherByPart(parts),
    'must have another part such as BYDAY with BYSETPOS',
  );
}

const hasOtherByPart = (parts: PartValues) =>
  Object.keys(parts).some((name) => name.startsWith('BY') && name !== 'BYSETPOS');

/**
 * Parses a recurrence rule (RFC 5545, 3.3.10) with a frequency of a day or longer.
 *
 * @throws InvalidRule
 */
export function parseRule(rule: string): Rule {
  if (rule.length > MAX_RULE_LENGTH) {
    throw new InvalidRule(`must be at most ${MAX_RULE_LENGTH} characters`);
  }
  const parts = parseParts(rule);
  assertCompatible(parts);
  return {
    frequency: parts.FREQ ?? 'DAILY',
    interval: parts.INTERVAL ?? 1,
    count: parts.COUNT ?? null,
    until: parts.UNTIL ?? null,
    weekStart: parts.WKST ?? 0,
    months: parts.BYMONTH ?? [],
    monthDays: parts.BYMONTHDAY ?? [],
    yearDays: parts.BYYEARDAY ?? [],
    weekNumbers: parts.BYWEEKNO ?? [],
    weekdays: parts.BYDAY ?? [],
    positions: parts.BYSETPOS ?? [],
  };
}

/** Returns the reason why a string is not a rule, which continues "rule …"; undefined for a rule. */
export function ruleFault(rule: string): string | undefined {
  try {
    parseRule(rule);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidRule) return error.message;
    throw error;
  }
}
