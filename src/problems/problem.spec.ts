import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Problem, PROBLEMS } from './problem.js';

const page = readFileSync('docs/errors.md', 'utf8');

const documented = page.split('\n').flatMap((line) => {
  const [, code, status] = /^\| `(\w+)` +\| (\d{3}) /.exec(line) ?? [];
  return code === undefined ? [] : [[code, Number(status)]];
});

describe('problems', () => {
  it('are all listed in docs/errors.md, and no others are', () => {
    const known = Object.entries(PROBLEMS).map(([code, [status]]) => [code, status]);
    expect(documented).toEqual(known);
  });

  it('list no code in "errors" that docs/errors.md does not explain', () => {
    const sources = globSync(
      'src/{auth,common,identity,tasks,lists,resource,validation,idempotency}/*.ts',
      {
        exclude: ['**/*.spec.ts'],
      },
    );
    const source = sources.map((file) => readFileSync(file, 'utf8')).join('');
    const rules = [...source.matchAll(/(?:rule|eachRule)\(\s*'(\w+)'|, code: '([a-z]\w*)'/g)];
    const codes = new Set(rules.map(([, name, code]) => name ?? code ?? ''));
    expect(codes.size).toBeGreaterThan(15);
    const [, explained = ''] = page.split('## Codes in');
    expect([...codes].filter((code) => !explained.includes(`\`${code}\``))).toEqual([]);
  });

  it('of an outage contain Retry-After', () => {
    expect(new Problem('database_unavailable', '').headers).toEqual({ 'retry-after': '2' });
    expect(new Problem('task_not_found', '').headers).toEqual({});
  });

  it('have a body without internals', () => {
    const cause = new Error('relation "task" does not exist');
    const errors = [{ pointer: '/title', code: 'required', detail: 'title is required' }];
    const problem = new Problem('validation_failed', 'Look at the errors.', { errors, cause });
    expect(problem.body('/api/v1/tasks', 'r1')).toEqual({
      type: 'urn:taskward:problem:validation_failed',
      title: 'The body is invalid',
      status: 422,
      detail: 'Look at the errors.',
      instance: '/api/v1/tasks',
      code: 'validation_failed',
      requestId: 'r1',
      errors,
    });
  });
});
