import { expect } from '@jest/globals';
import type { ListDto } from '../../src/lists/list.dto.js';
import type { ApiResponse, TestUser } from './client.js';

interface Resource {
  readonly id: string;
  readonly position: string;
}

interface Page<Row> {
  readonly data: Row[];
  readonly nextCursor: string | null;
}

/** An id that nobody has, but for chance; as well formed as the others. */
export const MADE_UP = '0199f000-aaaa-7bbb-8ccc-ddddeeeeffff';

export async function createList(
  user: TestUser,
  fields: Record<string, unknown> = {},
): Promise<ListDto> {
  const json = { name: 'Household', ...fields };
  return (await user.api<ListDto>('/lists', { method: 'POST', json })).body;
}

/** Moves what is at a path. */
export const move = <Body extends object>(user: TestUser, path: string, json: object = {}) =>
  user.api<Body>(`${path}/move`, { method: 'POST', json });

/** Returns the rows of all pages, two at a time. */
export async function walk<Row>(user: TestUser, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: ApiResponse<Page<Row>> = await user.api<Page<Row>>(
      `${path}${path.includes('?') ? '&' : '?'}limit=2&cursor=${cursor}`,
    );
    expect(page.status).toBe(200);
    rows.push(...page.body.data);
    cursor = page.body.nextCursor;
  }
  return rows;
}

export const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

/** Returns the broken rules of a problem as `pointer code`. */
export const brokenRules = ({ status, body }: ApiResponse<object>) => {
  const { errors = [] } = body as { errors?: { pointer?: string; code: string }[] };
  return [status, ...errors.map(({ pointer = '?', code }) => `${pointer} ${code}`).sort()];
};

/** Returns all of a problem that could tell two apart: the bytes of its body without its request id. */
export const bytesOf = ({ status, body }: ApiResponse<object>) =>
  `${String(status)} ${JSON.stringify({ ...body, requestId: '' })}`;

/** Checks that rows are in the order of the bytes of their positions, and that each has its own. */
export function expectOrdered(rows: readonly Resource[]): void {
  const positions = rows.map(({ position }) => position);
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  expect(positions).toEqual(positions.toSorted(byBytes));
  expect(new Set(positions).size).toBe(rows.length);
}

/** Numbers that only look random: a run that fails can be done again. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
