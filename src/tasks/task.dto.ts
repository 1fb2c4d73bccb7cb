import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DUE_PATTERN } from './due.js';
import { PRIORITY_SCHEMA, type PriorityName } from './priority.js';

const INSTANT = { format: 'date-time', example: '2026-11-20T17:29:00.000Z' } as const;

/** A task as clients see it. The owner is never part of it. */
@ApiSchema({ name: 'Task', description: 'A task. It answers to its owner alone.' })
export class TaskDto {
  @ApiProperty({
    format: 'uuid',
    example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90',
    description: 'A UUIDv7, made by the server.',
  })
  id!: string;

  @ApiProperty({ example: 'Buy milk', minLength: 1, maxLength: 255 })
  title!: string;

  @ApiProperty({ type: String, nullable: true, maxLength: 10_000, example: null })
  description!: string | null;

  @ApiProperty({ example: false })
  completed!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    example: null,
    description: 'When it was completed. The server keeps this.',
  })
  completedAt!: string | null;

  @ApiProperty({ ...PRIORITY_SCHEMA, example: 'none' })
  priority!: PriorityName;

  @ApiProperty({
    type: String,
    nullable: true,
    pattern: DUE_PATTERN,
    example: '2026-12-24',
    description: 'A day (`YYYY-MM-DD`), or an instant in UTC.',
  })
  due!: string | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 50 },
    maxItems: 20,
    uniqueItems: true,
    example: ['home'],
  })
  tags!: string[];

  @ApiProperty(INSTANT)
  createdAt!: string;

  @ApiProperty(INSTANT)
  updatedAt!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    example: 1,
    description: 'One more at each change. The `ETag` is this number in quotes.',
  })
  version!: number;
}

/** One page of a list. */
@ApiSchema({ name: 'TaskPage', description: 'One page of a list.' })
export class TaskPageDto {
  @ApiProperty({ type: [TaskDto] })
  data!: TaskDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The `cursor` of the next page; null on the last.',
  })
  nextCursor!: string | null;

  @ApiProperty({
    type: 'integer',
    required: false,
    minimum: 0,
    example: 1,
    description: 'How many tasks there are on all pages; only with `count=true`.',
  })
  total?: number;
}
