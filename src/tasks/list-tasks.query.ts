import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Integer, rule } from '../common/validators.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const isLimit = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_LIMIT;

/** The query of a list. */
export class ListTasksQuery {
  @ApiProperty({
    required: false,
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: 'How many tasks a page has.',
  })
  @Integer()
  @rule('range', isLimit, `must be a whole number from 1 to ${String(MAX_LIMIT)}, given once`)
  limit: number = DEFAULT_LIMIT;

  @ApiProperty({ required: false, description: '`nextCursor` of the page before.' })
  @IsOptional()
  @rule('type', (value) => typeof value === 'string' && value !== '', 'must be given once')
  cursor?: string;
}
