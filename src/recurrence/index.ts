export { calendarRuleOf, localStartOf } from './calendar-rule.js';
export { MAX_DATES, occurrencesOf } from './occurrences.js';
export { CreateRecurrenceDto, RecurrenceDto, UpdateRecurrenceDto } from './recurrence.dto.js';
export { resolveRecurrence } from './resolve-recurrence.js';
export {
  type Due,
  nextOccurrence,
  type Occurrence,
  type Recurrence,
  type StoredRecurrence,
} from './series.js';
