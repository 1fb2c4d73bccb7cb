import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { rule } from '../validation/index.js';
import { field } from './fields.js';
import { Cursor, DEFAULT_LIMIT, Limit, NextCursor } from './query-parameters.js';

const MAX_VERSION = 2_147_483_647;

/** The session or personal token that made a version. */
@ApiSchema({ name: 'Author', description: 'The session or personal token that made a version.' })
export class AuthorDto {
  // Not an enum: generators name its values as they name schemas, of which there is a `Session`.
  @ApiProperty({ pattern: '^(session|token)$', example: 'session', type: String })
  type!: 'session' | 'token';

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'Firefox on Linux',
    description: 'Null if the issuer of the token names no session.',
  })
  name!: string | null;
}

/** A field before and after a change, as it is in the resource. */
export interface FieldChange {
  readonly from: unknown;
  readonly to: unknown;
}

/** A version of a task or list. */
@ApiSchema({ name: 'Version', description: 'A version of a task or list.' })
export class VersionDto {
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  version!: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-20T17:29:00.000Z' })
  at!: string;

  @ApiProperty({ example: 'task.updated', description: 'The type of the change, as in the log.' })
  type!: string;

  @ApiProperty({ type: AuthorDto })
  by!: AuthorDto;

  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      // Values of any type.
      properties: { from: {}, to: {} },
      required: ['from', 'to'],
    },
    example: { title: { from: 'Buy milk', to: 'Buy oat milk' } },
    description: 'The fields that have changed; in version 1 those that it was made with.',
  })
  changes!: Record<string, FieldChange>;
}

/** One page of versions. */
@ApiSchema({ name: 'History', description: 'A page of versions, the newest first.' })
export class HistoryDto {
  @ApiProperty({ type: [VersionDto] })
  data!: VersionDto[];

  @NextCursor()
  nextCursor!: string | null;
}

/** Query parameters of a history. */
export class HistoryQuery {
  @Limit('Maximum number of versions on a page.')
  limit: number = DEFAULT_LIMIT;

  @Cursor()
  cursor?: string;
}

/** The version whose content comes back. */
@ApiSchema({ name: 'Revert', description: 'The version whose content comes back.' })
export class RevertDto {
  @field(
    'required',
    { type: 'integer', minimum: 1, maximum: MAX_VERSION, example: 1 },
    rule(
      'range',
      (value) =>
        value === undefined ||
        (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_VERSION),
      `must be a whole number from 1 to ${String(MAX_VERSION)}`,
    ),
  )
  version!: number;
}
