import type { CalendarKind } from '../icalendar/index.js';
import { field, IdField, IsText, type Presence } from '../resource/index.js';
import { rule } from '../validation/index.js';

/** The rules of a feed's fields, for the body and for the API's description. */

export const KINDS: readonly CalendarKind[] = ['events', 'todos'];

export const FeedListId = (presence: Presence) =>
  IdField(presence, 'Id of the list to show. Null: all tasks.');

export const FeedKind = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      enum: KINDS,
      example: 'events',
      description:
        '`events`, which every calendar shows and which have only the tasks with a `due`, or `todos`.',
    },
    IsText(),
    rule(
      'one_of',
      (value) => value === undefined || KINDS.some((kind) => kind === value),
      `must be one of ${KINDS.join(', ')}`,
    ),
  );
