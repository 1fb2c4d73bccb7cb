import { expect } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { Answer } from './client.js';

/** Matches anything that reveals internals. */
const INSIDE =
  /select |insert |update task|owner_id|app\.user_id|pkey|_check|relation|syntax|sqlstate|node_modules|\.[jt]s:\d|\bat \w+ \(|Error:|FST_|HttpException|stack|statusCode/i;

/** Checks that a response is a problem as the documentation describes. */
export function expectProblem(
  answer: Answer<ProblemDto>,
  status: number,
  code: string,
  path: string,
): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  const { errors, ...body } = answer.body;
  expect(body).toEqual({
    type: `urn:taskward:problem:${code}`,
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
    instance: path,
    code,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(errors).not.toEqual([]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const cached = path.startsWith('/api/v1') ? 'private, no-store' : null;
  expect(answer.headers.get('cache-control')).toBe(cached);
  expect(JSON.stringify(answer.body)).not.toMatch(INSIDE);
}
