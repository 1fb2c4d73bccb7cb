import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { isTimeZone } from '../common/index.js';
import { field, IsText, type Presence } from '../resource/index.js';
import { ifString, rule } from '../validation/index.js';
import { MAX_RULE_LENGTH, ruleFault } from './parse-rule.js';
import type { Recurrence } from './series.js';

const BASES: readonly Recurrence['basis'][] = ['due', 'completion'];

const RuleText = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      minLength: 1,
      maxLength: MAX_RULE_LENGTH,
      example: 'FREQ=WEEKLY;BYDAY=MO',
      description:
        'A recurrence rule (RFC 5545, 3.3.10) with a `FREQ` of `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`, without `DTSTART`.',
    },
    IsText(),
    rule(
      'recurrence_rule',
      ifString((value) => ruleFault(value) === undefined),
      (value) => ruleFault(String(value)) ?? '',
    ),
  );

const TimeZone = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      example: 'Europe/Berlin',
      description: 'IANA name of the time zone in which days begin and a time of day is kept.',
    },
    IsText(),
    rule('time_zone', ifString(isTimeZone), 'must be the IANA name of a time zone'),
  );

const Basis = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      enum: BASES,
      default: 'due',
      example: 'due',
      description:
        'Whether the next date follows `due` (and is today or later), or the day of completion.',
    },
    rule(
      'one_of',
      (value) => value === undefined || BASES.some((basis) => basis === value),
      `must be one of ${BASES.join(', ')}`,
    ),
  );

/** A recurrence as clients see it. */
@ApiSchema({ name: 'Recurrence', description: 'How a task repeats.' })
export class RecurrenceDto implements Recurrence {
  @ApiProperty({ example: 'FREQ=WEEKLY;BYDAY=MO', description: 'A recurrence rule (RFC 5545).' })
  rule!: string;

  @ApiProperty({ example: 'Europe/Berlin', description: 'IANA name of the time zone.' })
  timeZone!: string;

  @ApiProperty({ type: String, enum: BASES, example: 'due' })
  basis!: Recurrence['basis'];
}

/** A recurrence in the body of a create or a PUT. */
@ApiSchema({ name: 'CreateRecurrence', description: 'How a task is to repeat.' })
export class CreateRecurrenceDto {
  @RuleText('required')
  rule!: string;

  @TimeZone('required')
  timeZone!: string;

  @Basis('clearable')
  basis?: Recurrence['basis'] | null = 'due';
}

/** A merge patch of a recurrence (RFC 7396): absent members are kept. */
@ApiSchema({ name: 'UpdateRecurrence', description: 'A JSON merge patch of a recurrence.' })
export class UpdateRecurrenceDto {
  @RuleText('optional')
  rule?: string;

  @TimeZone('optional')
  timeZone?: string;

  @Basis('clearable')
  basis?: Recurrence['basis'] | null;
}
