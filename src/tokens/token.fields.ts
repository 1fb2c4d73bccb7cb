import { DAY_PATTERN, parseInstant, TIME_PATTERN } from '../common/index.js';
import { field, IsText, LineField, type Presence } from '../resource/index.js';
import { ifString, rule } from '../validation/index.js';

/** The rules of a token's fields, for every body and for the API's description. */

/** The scopes that tokens can have, in the order in which they are shown. */
export const SCOPES = ['tasks:read', 'tasks:write'] as const;
type Scope = (typeof SCOPES)[number];

const isScope = (value: unknown): value is Scope => SCOPES.some((scope) => scope === value);
const ifArray = (check: (value: readonly unknown[]) => boolean) => (value: unknown) =>
  !Array.isArray(value) || check(value);

export const TokenName = (presence: Presence) =>
  LineField(presence, {
    maxLength: 100,
    example: 'backup script',
    description: 'Trimmed. Histories and the authentication log name the token by it.',
  });

export const Scopes = (presence: Presence) =>
  field(
    presence,
    {
      type: 'array',
      items: { type: 'string', enum: [...SCOPES] },
      minItems: 1,
      maxItems: SCOPES.length,
      uniqueItems: true,
      example: ['tasks:read'],
      description: '`tasks:read`, alone or with `tasks:write`.',
    },
    rule('type', (value) => value === undefined || Array.isArray(value), 'must be an array'),
    rule(
      'one_of',
      ifArray((scopes) => scopes.every(isScope)),
      `must be of ${SCOPES.join(', ')}`,
    ),
    rule(
      'duplicate',
      ifArray((scopes) => new Set(scopes).size === scopes.length),
      'must not name a scope twice',
    ),
    rule(
      'read_required',
      ifArray((scopes) => scopes.includes('tasks:read')),
      'must include tasks:read',
    ),
  );

export const ExpiresAt = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      pattern: `^${DAY_PATTERN}${TIME_PATTERN}$`,
      example: '2036-12-24T00:00:00Z',
      description:
        'An RFC 3339 date-time with an offset, in the future; fractional seconds are truncated to milliseconds. Null: the token does not expire.',
    },
    IsText(),
    rule(
      'date_time',
      ifString((value) => parseInstant(value) !== undefined),
      'must be an RFC 3339 date-time with an offset',
    ),
    rule(
      'in_past',
      ifString((value) => (parseInstant(value)?.getTime() ?? Infinity) > Date.now()),
      'must be in the future',
    ),
  );
