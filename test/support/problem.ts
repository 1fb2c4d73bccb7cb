import { expect } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { ApiResponse } from './client.js';

/** Matches anything that reveals internals. */
const INSIDE =
  /select |insert |update task|owner_id|app\.user_id|pkey|_check|relation|syntax|sqlstate|node_modules|\.[jt]s:\d|\bat \w+ \(|Error:|FST_|HttpException|stack|statusCode/i;

/** Checks that a response is a problem as the documentation describes. */
export function expectProblem(
  response: ApiResponse<ProblemDto>,
  status: number,
  code: string,
  path: string,
): void {
  expect([response.status, response.body.code]).toEqual([status, code]);
  const { errors, ...body } = response.body;
  expect(body).toEqual({
    type: `urn:taskward:problem:${code}`,
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
    instance: path,
    code,
    requestId: response.headers.get('x-request-id'),
  });
  expect(errors).not.toEqual([]);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const cached = /^\/(api\/v1|mcp)/.test(path) ? 'private, no-store' : null;
  expect(response.headers.get('cache-control')).toBe(cached);
  expect(JSON.stringify(response.body)).not.toMatch(INSIDE);
}
