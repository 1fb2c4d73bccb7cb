export { calendarRuleOf, localStartOf } from './calendar-rule.js';
export { MAX_DATES, occurrencesOf } from './occurrences.js';
export { CreateRecurrenceDto, RecurrenceDto, UpdateRecurrenceDto } from './recurrence.dto.js';
export { ruleFault } from './parse-rule.js';
export { resolveRecurrence } from './resolve-recurrence.js';
export {
  type Due,
  nextOccurrence,
  type Occurrence,
  type Recurrence,
  startSeries,
  type StoredRecurrence,
} from './series.js';
