import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { stringHeader } from '../openapi/index.js';
import { ApiProblems } from '../problems/index.js';

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
