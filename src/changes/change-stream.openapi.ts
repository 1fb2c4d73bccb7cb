import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';

const DESCRIPTION = `The changes of \`GET /api/v1/changes\` as server-sent events, as they happen.

- \`change\`: \`data\` is an entry of \`GET /api/v1/changes\`, and \`id\` its token. The first event, and some of the later ones, have an \`id\` alone: clients keep it and dispatch nothing.
- \`session-ended\`: the session or the account has ended. \`token-expired\`: connect again with a new token. \`shutdown\`: connect again after \`retry\`. After each of these the stream ends.

A comment is sent every 15 seconds. A user can have 10 streams on one instance.`;

const EXAMPLE = `retry: 1000
id: kX2v…

event: change
id: mB7q…
data: {"token":"mB7q…","type":"task.updated","id":"019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90","version":2,"at":"2026-11-20T17:29:00.000Z","task":null}

`;

export const ApiStreamChanges = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'streamChanges',
      summary: 'Stream changes as they happen',
      description: DESCRIPTION,
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'A token of your changes to go on from: the `id` of the last event.',
      schema: { type: 'string' },
    }),
    ApiOkResponse({
      description: 'A stream that lasts until the client or the server ends it.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
    }),
    ApiProblems('invalid_parameter'),
    ApiProblems('change_token_expired'),
  );
