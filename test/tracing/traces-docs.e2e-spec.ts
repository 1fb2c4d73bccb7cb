import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { ATTRIBUTES } from '../../src/tracing/sent-span.js';
import { rowsOf } from '../support/docs-tables.js';

const PAGE = readFileSync('docs/traces.md', 'utf8');

it('docs/traces.md has every attribute that a span can have, and no other', () => {
  const cells = rowsOf(PAGE, 'Spans', /./).map(([, , attributes = '']) => attributes);
  const described = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`([a-z_]+\.[a-z_.]+)`/g), ([, name]) => name),
  );
  expect(new Set(described)).toEqual(ATTRIBUTES);
});
