import { DEFAULT_LIMIT, Limit, parameter } from '../resource/index.js';
import { rule } from '../validation/index.js';
import { DUE_PATTERN, parseDue } from './due.js';
import { restorePlus } from './list-tasks.query.js';

const MAX_OCCURRENCES = 1_000;

const Bound = (description: string) =>
  parameter(
    {
      type: String,
      pattern: DUE_PATTERN.replace('[+-]', '[+ -]'),
      example: '2027-03-08',
      description,
    },
    restorePlus(),
    rule(
      'due',
      (value) => typeof value === 'string' && parseDue(value) !== undefined,
      'must be a valid date (YYYY-MM-DD) or an RFC 3339 date-time with an offset, given once',
    ),
  );

/** Query parameters of the dates of a series. */
export class OccurrencesQuery {
  @Bound('The first date: a day, which begins in the time zone of the recurrence, or a date-time.')
  from?: string;

  @Bound('The dates end before this one.')
  to?: string;

  @Limit('Maximum number of dates.', MAX_OCCURRENCES)
  limit: number = DEFAULT_LIMIT;
}
