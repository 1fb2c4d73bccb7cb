import { findRule, type RepeatWords } from '../recurrence/repeat-words';
import { findDue, type Writer } from './due-words';
import type { LineWords } from './quick-add';
import { dayOf } from './zone';

const COMMA = /^,?\s*$/;
const DAY_LENGTH = 10;

/** Finds how a task repeats, with the day until which it does, if that follows. */
function findRepeat(text: string, writer: Writer): RepeatWords | undefined {
  const found = findRule(text);
  if (found?.rule.end !== null) return found;
  const rest = text.slice(found.end);
  const last = /^,?\s+(?:until|till|bis)\s/i.test(rest) ? findDue(rest, writer) : undefined;
  if (last === undefined || !COMMA.test(rest.slice(0, last.start))) return found;
  const { due } = last;
  const until = due.length > DAY_LENGTH ? dayOf(new Date(due), writer.timeZone) : due;
  return { ...found, rule: { ...found.rule, end: { until } }, end: found.end + last.end };
}

/** The knowledge of dates, which is loaded after the page. */
export const lineWords: LineWords = { findDue, findRepeat };
