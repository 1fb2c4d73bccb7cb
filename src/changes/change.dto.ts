import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ListDto } from '../lists/index.js';
import { TaskDto } from '../tasks/index.js';

const KINDS = ['task', 'list'] as const;
const ACTIONS = [
  'created',
  'updated',
  'completed',
  'reopened',
  'moved',
  'trashed',
  'restored',
  'removed',
] as const;

/** Lists are neither completed nor reopened. */
const TYPES = KINDS.flatMap((kind) =>
  ACTIONS.filter((action) => kind === 'task' || !/^(completed|reopened)$/.test(action)).map(
    (action) => `${kind}.${action}`,
  ),
);

const TOKEN = { example: 'kX2v…', minLength: 1 };

/** A task or list that has changed. */
@ApiSchema({ name: 'Change', description: 'A task or list that has changed, as it is now.' })
export class ChangeDto {
  @ApiProperty({ ...TOKEN, description: 'Stands for the moment after this change.' })
  token!: string;

  @ApiProperty({ enum: TYPES, example: 'task.updated', description: 'The latest change.' })
  type!: string;

  @ApiProperty({ format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90' })
  id!: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  version!: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-20T17:29:00.000Z' })
  at!: string;

  @ApiProperty({
    type: TaskDto,
    nullable: true,
    required: false,
    description: 'The task, also one in the trash; null if it is deleted permanently.',
  })
  task?: TaskDto | null;

  @ApiProperty({
    type: ListDto,
    nullable: true,
    required: false,
    description: 'The list, also one in the trash; null if it is deleted permanently.',
  })
  list?: ListDto | null;
}

/** Changes in the order of their latest. */
@ApiSchema({ name: 'ChangePage', description: 'A page of changes, in the order of the latest.' })
export class ChangePageDto {
  @ApiProperty({ type: [ChangeDto] })
  data!: ChangeDto[];

  @ApiProperty({ ...TOKEN, description: '`since` of the next request.' })
  nextToken!: string;

  @ApiProperty({ example: false, description: 'Whether there are more changes already.' })
  hasMore!: boolean;
}
