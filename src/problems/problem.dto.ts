import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiProperty,
  ApiResponse,
  ApiSchema,
  getSchemaPath,
} from '@nestjs/swagger';
import { type ProblemCode, PROBLEMS } from './problem.js';

@ApiSchema({ name: 'ProblemError', description: 'A broken rule: its location and a description.' })
export class ProblemErrorDto {
  @ApiProperty({ required: false, example: '/title', description: 'JSON pointer into the body.' })
  pointer?: string;

  @ApiProperty({ required: false, description: 'Name of the query or path parameter.' })
  parameter?: string;

  @ApiProperty({ required: false, description: 'Name of the header.' })
  header?: string;

  @ApiProperty({
    type: 'integer',
    required: false,
    minimum: 1,
    description: 'Line of an imported file; in JSON, the number of the task or list.',
  })
  line?: number;

  @ApiProperty({ example: 'required' })
  code!: string;

  @ApiProperty({ example: 'title is required' })
  detail!: string;
}

/** Without `enum`, which would make generated clients fail on codes newer than themselves. */
const CODES = `Stable, for clients to switch on. New codes may be added: treat unknown ones by their \`status\`. Known codes: ${Object.keys(
  PROBLEMS,
)
  .map((code) => `\`${code}\``)
  .join(', ')}.`;

@ApiSchema({ name: 'Problem', description: 'Problem details (RFC 9457).' })
export class ProblemDto {
  @ApiProperty({ format: 'uri', example: 'urn:taskward:problem:task_not_found' })
  type!: string;

  @ApiProperty({ example: 'The task was not found' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status!: number;

  @ApiProperty({ example: 'There is no task with this id.' })
  detail!: string;

  @ApiProperty({ example: '/api/v1/tasks/019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90' })
  instance!: string;

  @ApiProperty({ type: String, example: 'task_not_found', description: CODES })
  code!: ProblemCode;

  @ApiProperty({ example: '0198c0de-0000-4000-8000-000000000000' })
  requestId!: string;

  @ApiProperty({ type: [ProblemErrorDto], required: false })
  errors?: ProblemErrorDto[];
}

/** Describes problems by status. Their examples are added per operation. */
export function describeProblems(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code][0]);
  return [...byStatus].map(([status, group]) => ({
    status,
    description: group.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`).join(' '),
    content: {
      'application/problem+json': {
        schema: { $ref: getSchemaPath(ProblemDto) },
        examples: Object.fromEntries(group.map((code) => [code, { summary: code }])),
      },
    },
  }));
}

/** Documents the problems that an operation responds with, grouped by status. */
export function ApiProblems(...codes: ProblemCode[]) {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...describeProblems(codes).map((response) => ApiResponse(response)),
  );
}
