import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiProperty,
  type ApiPropertyOptions,
  ApiSchema,
  getSchemaPath,
} from '@nestjs/swagger';
import { Allow, ValidateIf } from 'class-validator';
import { eachMemberRule, LowerCased, Nested, NestedEach, rule } from '../validation/index.js';
import { isUuid } from '../http/index.js';
import { ENTITY_TAGS_PATTERN, parseIfMatch } from '../resource/index.js';
import { MoveTaskDto } from './move-task.dto.js';
import { CreateTaskDto, UpdateTaskDto, TaskDto } from './task.dto.js';
import { decomposedLength } from './text-size.js';

const MAX_OPERATIONS = 100;
/** The maximum of the largest body in any script; only ligatures decompose to more. */
const MAX_DECOMPOSED_CHARACTERS = 1_500_000;
const ID = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';

const Required = (schema: ApiPropertyOptions) =>
  applyDecorators(
    ApiProperty(schema),
    rule('required', (value) => value !== undefined, 'is required'),
  );

const Optional = (schema: ApiPropertyOptions) =>
  applyDecorators(
    ApiProperty({ ...schema, required: false } as ApiPropertyOptions),
    ValidateIf((_, value) => value !== undefined),
  );

const Op = (op: string) => ApiProperty({ type: String, enum: [op], example: op });

const TaskId = () =>
  applyDecorators(
    Required({
      type: String,
      format: 'uuid',
      example: ID,
      description: 'Can appear only once in a batch.',
    }),
    LowerCased(),
    rule('uuid', (value) => value === undefined || isUuid(value), 'must be a UUID'),
  );

function isEntityTags(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  try {
    return parseIfMatch(value) !== undefined;
  } catch {
    return false;
  }
}

const IfMatchMember = () =>
  applyDecorators(
    Optional({
      type: String,
      pattern: ENTITY_TAGS_PATTERN,
      example: '"3"',
      description: 'Same as the header `If-Match`: the `ETag` that was read.',
    }),
    rule('type', (value) => typeof value === 'string', 'must be a string'),
    rule('entity_tag', isEntityTags, 'must be * or entity tags such as "3"'),
  );

/** One create of a batch. */
@ApiSchema({ name: 'CreateOperation', description: 'Creates a task.' })
class CreateOperationDto {
  @Op('create')
  @Allow()
  op!: 'create';

  @Required({ type: CreateTaskDto })
  @Nested(CreateTaskDto)
  task!: CreateTaskDto;
}

/** One update of a batch. */
@ApiSchema({ name: 'UpdateOperation', description: 'Changes some fields of a task.' })
export class UpdateOperationDto {
  @Op('update')
  @Allow()
  op!: 'update';

  @TaskId()
  id!: string;

  @IfMatchMember()
  ifMatch?: string;

  @Required({ type: UpdateTaskDto })
  @Nested(UpdateTaskDto)
  patch!: UpdateTaskDto;
}

/** One delete of a batch. */
@ApiSchema({ name: 'DeleteOperation', description: 'Moves a task to the trash.' })
class DeleteOperationDto {
  @Op('delete')
  @Allow()
  op!: 'delete';

  @TaskId()
  id!: string;

  @IfMatchMember()
  ifMatch?: string;
}

/** One move of a batch. */
@ApiSchema({
  name: 'MoveOperation',
  description: 'Moves a task beside a sibling, or to the end, as a move of its own does.',
})
class MoveOperationDto extends MoveTaskDto {
  @Op('move')
  @Allow()
  op!: 'move';

  @TaskId()
  id!: string;

  @IfMatchMember()
  ifMatch?: string;
}

const OPERATIONS = {
  create: CreateOperationDto,
  update: UpdateOperationDto,
  delete: DeleteOperationDto,
  move: MoveOperationDto,
};

const OPS = Object.keys(OPERATIONS);

/** Never valid. Besides `op`, only members that no operation has are errors. */
class UnknownOperationDto {
  @rule('required', (value) => value !== undefined, 'is required')
  @rule('one_of', (value) => value === undefined, `must be one of ${OPS.join(', ')}`)
  op?: unknown;

  @Allow()
  id?: unknown;

  @Allow()
  ifMatch?: unknown;

  @Allow()
  task?: unknown;

  @Allow()
  patch?: unknown;

  @Allow()
  before?: unknown;

  @Allow()
  after?: unknown;

  @Allow()
  listId?: unknown;

  @Allow()
  parentId?: unknown;
}

function classOf(element: object) {
  const { op } = element as { op?: unknown };
  const known = Object.entries(OPERATIONS).find(([name]) => name === op);
  return known?.[1] ?? UnknownOperationDto;
}

const idOf = (operation: unknown) => (operation as { id?: unknown } | null)?.id;

/** Whether no previous operation names the same task. */
function isFirstUse(operation: unknown, index: number, all: readonly unknown[]): boolean {
  const id = idOf(operation);
  return !isUuid(id) || all.findIndex((other) => idOf(other) === id) === index;
}

function descriptionsOf(operations: readonly unknown[]): string[] {
  return operations.flatMap((operation) => {
    const { task, patch } = (operation ?? {}) as Record<string, { description?: unknown } | null>;
    return [task?.description, patch?.description].filter((text) => typeof text === 'string');
  });
}

const isShortTogether = (operations: unknown) =>
  !Array.isArray(operations) ||
  descriptionsOf(operations).reduce((sum, text) => sum + decomposedLength(text), 0) <=
    MAX_DECOMPOSED_CHARACTERS;

/** Returns the number of operations in an unvalidated body: 0 without a list, at most 100. */
export function numberOfOperations(body: unknown): number {
  const { operations } = (body ?? {}) as { operations?: unknown };
  return Array.isArray(operations) ? Math.min(operations.length, MAX_OPERATIONS) : 0;
}

export type Operation =
  CreateOperationDto | UpdateOperationDto | DeleteOperationDto | MoveOperationDto;

/** The body of a batch. */
@ApiExtraModels(...Object.values(OPERATIONS))
@ApiSchema({ name: 'Batch', description: 'Operations that succeed or fail as a whole.' })
export class TaskBatchDto {
  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: MAX_OPERATIONS,
    items: {
      oneOf: Object.values(OPERATIONS).map((type) => ({ $ref: getSchemaPath(type) })),
      discriminator: {
        propertyName: 'op',
        mapping: Object.fromEntries(
          Object.entries(OPERATIONS).map(([op, type]) => [op, getSchemaPath(type)]),
        ),
      },
    },
    // Works without existing tasks.
    example: [
      { op: 'create', task: { title: 'Buy milk', tags: ['home'] } },
      { op: 'create', task: { title: 'Buy bread', priority: 'high' } },
    ],
  })
  @NestedEach(MAX_OPERATIONS, classOf)
  @eachMemberRule('id', 'duplicate', isFirstUse, 'must not be named twice')
  @rule(
    'too_long_decomposed',
    isShortTogether,
    'must have descriptions of at most 1500000 characters in total after decomposition (NFKD)',
  )
  operations!: Operation[];

  @Optional({
    type: Boolean,
    // No `default`: client generators treat a member with a default as required.
    description: 'If true, the response is the same, but nothing is written. Defaults to false.',
  })
  @rule('type', (value) => typeof value === 'boolean', 'must be true or false')
  dryRun?: boolean;
}

@ApiSchema({ name: 'BatchResult', description: 'The result of one operation.' })
export class BatchResultDto {
  @ApiProperty({
    type: 'integer',
    enum: [201, 200, 204],
    example: 201,
    description: '201: created, 200: updated or moved, 204: put into the trash.',
  })
  status!: 201 | 200 | 204;

  @ApiProperty({
    type: TaskDto,
    required: false,
    description: 'The updated task; absent for 204.',
  })
  task?: TaskDto;
}

@ApiSchema({ name: 'BatchResults', description: 'The results of the operations, in order.' })
export class BatchResultsDto {
  @ApiProperty({ type: [BatchResultDto] })
  results!: BatchResultDto[];
}
