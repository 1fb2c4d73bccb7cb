import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './median.ts';
import type { Report } from './report.ts';

const RESULTS = join(import.meta.dirname, 'results');
/** Figures that `npm run bench` does not measure. */
export const CAPACITY_FILE = join(RESULTS, 'capacity.json');

/** CPU time of a request in microseconds: of Node, and of PostgreSQL. */
export interface Cost {
  readonly node: number;
  readonly database: number;
}

const BENCHED = ['me', 'list', 'filtered', 'get', 'create', 'patch'] as const;
const OTHERS = ['complete', 'token', 'sign-in'] as const;
export const KINDS = [...BENCHED, ...OTHERS] as const;
export type Kind = (typeof KINDS)[number];
type Other = (typeof OTHERS)[number];

/** Content of `bench/results/capacity.json`. */
export interface Measured {
  readonly costs: Readonly<Record<Other, Cost>>;
  /** Disk that an entry of the log of changes takes, indexes included. */
  readonly changeBytes: number;
}

export interface Figures {
  readonly costs: Readonly<Record<Kind, Cost>>;
  /** Disk that a task of 200 bytes takes, indexes included. */
  readonly taskBytes: number;
  readonly changeBytes: number;
}

const NO_COST: Cost = { node: Number.NaN, database: Number.NaN };
const NOTHING: Measured = {
  costs: { complete: NO_COST, token: NO_COST, 'sign-in': NO_COST },
  changeBytes: Number.NaN,
};

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Returns the figures of the two committed files; of several load drivers, the median.
 *
 * @param isComplete whether the second file is there: it is written with the help of the first
 */
export function committedFigures({ isComplete = true } = {}): Figures {
  const committed = read(join(RESULTS, 'committed.json')) as { full?: Report; quick?: Report };
  const report = committed.full ?? committed.quick;
  if (report === undefined)
    throw new Error('There are no committed figures: npm run bench -- --write');
  const costOf = (kind: string): Cost => {
    const ours = report.ratios.filter(({ name }) => name === kind).map((ratio) => ratio.ours);
    return {
      node: median(ours.map(({ cpu }) => cpu)),
      database: median(ours.map(({ databaseCpu }) => databaseCpu)),
    };
  };
  const benched = Object.fromEntries(BENCHED.map((kind) => [kind, costOf(kind)])) as Record<
    (typeof BENCHED)[number],
    Cost
  >;
  const { costs, changeBytes } = isComplete ? (read(CAPACITY_FILE) as Measured) : NOTHING;
  const taskBytes = report.own.find(({ name }) => name === 'bytes')?.value ?? Number.NaN;
  return { costs: { ...benched, ...costs }, taskBytes, changeBytes };
}
