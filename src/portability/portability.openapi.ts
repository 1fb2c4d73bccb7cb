import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { stringHeader } from '../openapi/index.js';
import { REPLAYED } from '../idempotency/index.js';
import { ApiProblems } from '../problems/index.js';

import { ImportResultDto } from './import.dto.js';

const EXPORT = `A file of your tasks and lists, streamed. Each page of it is read at a moment of its own, so what you change in the meantime may be in it or not. A connection that ends early means that the file is incomplete.

- \`json\`: lists, tasks, the trash, series, order, \`createdAt\` and \`completedAt\`; not history, personal tokens or calendar feeds. An import makes the same again, under new ids.
- \`csv\`: a line for each task. A cell that a spreadsheet would run begins with an apostrophe.
- \`ics\`: an iCalendar file with a VTODO for each task.`;

const JSON_EXAMPLE = `{"format":"taskward","version":1,"exportedAt":"2026-11-20T17:29:00.000Z",
"tasks":[
],
"lists":[
]}
`;
const CSV_EXAMPLE =
  'id,parent,list,title,description,completed,completedAt,priority,due,tags,recurrence,timeZone,basis,createdAt,position\r\n';
const CALENDAR_EXAMPLE =
  'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Taskward//Taskward//EN\r\nEND:VCALENDAR\r\n';

const text = (example: string) => ({ schema: { type: 'string' as const }, example });

export const ApiExport = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'exportTasks',
      summary: 'Export your tasks and lists',
      description: EXPORT,
    }),
    ApiOkResponse({
      description: 'The file.',
      headers: {
        'Content-Disposition': stringHeader(
          'Name of the file.',
          'attachment; filename="taskward-2026-11-20.json"',
        ),
      },
      content: {
        'application/json': {
          schema: { type: 'object', additionalProperties: true },
          example: JSON.parse(JSON_EXAMPLE) as object,
        },
        'text/csv': text(CSV_EXAMPLE),
        'text/calendar': text(CALENDAR_EXAMPLE),
      },
    }),
    ApiProblems('invalid_parameter'),
  );

const IMPORT = `Makes what a file has: up to 10,000 tasks, as many lists, and 20 MB. The body is the file itself, with its own media type or \`application/octet-stream\`.

Either all of it is made, or nothing: a 422 lists the lines that cannot be taken. What a format has and Taskward has not is in \`skipped\`. Importing a file again makes everything again, so send an \`Idempotency-Key\`. The same key with another \`format\` or \`dryRun\` is another request. A large file counts as several requests, one for each 64 KiB.`;

export const ApiImport = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'importTasks',
      summary: 'Import tasks and lists from a file',
      description: IMPORT,
    }),
    ApiConsumes('application/octet-stream'),
    ApiBody({
      schema: { type: 'string', format: 'binary', example: JSON_EXAMPLE },
      description: 'The file.',
    }),
    ApiOkResponse({
      type: ImportResultDto,
      description: 'The numbers of what was made, and the lines that were left out.',
      headers: REPLAYED,
    }),
    ApiProblems('invalid_parameter', 'invalid_header'),
    ApiProblems('payload_too_large', 'unsupported_media_type'),
    ApiProblems('validation_failed', 'idempotency_key_reused', 'quota_exceeded'),
  );
