import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { committedFigures, type Cost, type Figures, KINDS } from '../../bench/capacity-figures.ts';
import { costOf, DEFAULTS, demandOf } from '../../bench/capacity-model.ts';
import { capacityOptionsOf } from '../../bench/capacity-options.ts';
import { mixOf } from '../../bench/capacity-simulation.ts';
import { costsTable, demandTable } from '../../bench/capacity-table.ts';

const of = <T>(value: T) =>
  Object.fromEntries(KINDS.map((kind) => [kind, value])) as Record<(typeof KINDS)[number], T>;

/** Each request takes a millisecond of Node and two of PostgreSQL. */
const FIGURES: Figures = {
  costs: of<Cost>({ node: 1_000, database: 2_000 }),
  taskBytes: 1_000,
  changeBytes: 100,
};
/** Each active user sends one request of each kind a day. */
const ASSUMPTIONS = { ...DEFAULTS, perDay: of(1), active: 0.1, peak: 2, streams: 0.01, load: 0.5 };

describe('the model', () => {
  it('multiplies costs with rates', () => {
    // 864,000 active users, 9 requests a day at twice the mean rate.
    expect(demandOf(8_640_000, FIGURES, ASSUMPTIONS)).toEqual({
      users: 8_640_000,
      requestsPerSecond: 180,
      streams: 8_640,
      instances: 1,
      databaseCores: 1,
      connections: 23,
      taskBytes: 8_640_000 * 300 * 1_000,
      logBytes: 864_000 * 3 * 90 * 100,
      step: 'one PostgreSQL',
    });
  });

  it('adds instances for their cores, or for their streams', () => {
    const twice = { ...ASSUMPTIONS, peak: 20 };
    // 1,800 requests of a millisecond each second, on cores that are half used.
    expect(demandOf(8_640_000, FIGURES, twice).instances).toBe(4);
    const streaming = { ...ASSUMPTIONS, streams: 0.1 };
    expect(demandOf(8_640_000, FIGURES, streaming).instances).toBe(9);
  });

  it.each([
    { name: 'a pooler for its connections', change: { maxConnections: 20 }, step: 'PgBouncer' },
    {
      name: 'a cluster for its disk',
      change: { maxTerabytes: 0.9 },
      cores: 2,
      step: 'Citus, 3 workers',
    },
    {
      name: 'a cluster for its cores, which costs a hop',
      change: { peak: 200, maxCores: 32 },
      cores: 144,
      step: 'Citus, 5 workers',
    },
  ])('adds $name', ({ change, step, cores = 1 }) => {
    const demand = demandOf(8_640_000, FIGURES, { ...ASSUMPTIONS, ...change });
    expect(demand.step).toBe(step);
    expect(demand.databaseCores).toBe(cores);
  });
});

describe('the mix that is measured', () => {
  const calls = Object.fromEntries(
    KINDS.map((kind) => [kind, [{ path: kind, init: {} }]]),
  ) as unknown as Parameters<typeof mixOf>[1];

  it('has each kind in its part, the rarest at least once', () => {
    const { counts, mix } = mixOf({ ...DEFAULTS.perDay, 'sign-in': 0.001 }, calls, 100);
    expect(counts['sign-in']).toBe(1);
    expect(counts.list).toBeGreaterThan(counts.create);
    for (const kind of KINDS) {
      expect(mix.filter(({ path }) => path === kind)).toHaveLength(counts[kind]);
    }
  });

  it('costs what its requests cost', () => {
    const costs = { ...FIGURES.costs, list: { node: 5_000, database: 0 } };
    expect(costOf({ ...of(0), list: 2, get: 1 }, costs)).toEqual({ node: 11_000, database: 2_000 });
  });
});

describe('the options', () => {
  it('set each assumption', () => {
    const { assumptions, users } = capacityOptionsOf([
      ...['--users', '5', '--active', '0.7', '--max-cores', '64', '--per-day', 'list=60'],
    ]);
    expect(users).toEqual([5]);
    expect(assumptions).toEqual({
      ...DEFAULTS,
      active: 0.7,
      maxCores: 64,
      perDay: { ...DEFAULTS.perDay, list: 60 },
    });
  });

  it.each([
    { args: ['--fast'], message: "Unknown option '--fast'" },
    { args: ['--active', 'many'], message: '--active must be a number above 0, not "many"' },
    { args: ['--per-day', 'lists=3'], message: '--per-day: "lists" is unknown' },
  ])('reject $args', ({ args, message }) => {
    expect(() => capacityOptionsOf(args)).toThrow(message);
  });
});

describe('docs/scaling.md', () => {
  const cellsOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
      .map((line) => line.split('|').map((cell) => cell.trim()));

  async function block(name: string) {
    const page = await readFile('docs/scaling.md', 'utf8');
    return page.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? '';
  }

  it('shows what the program prints', async () => {
    const { users, assumptions } = capacityOptionsOf([]);
    const figures = committedFigures();
    expect(cellsOf(await block('costs'))).toEqual(cellsOf(costsTable(assumptions, figures)));
    const demands = users.map((count) => demandOf(count, figures, assumptions));
    expect(cellsOf(await block('demand'))).toEqual(cellsOf(demandTable(demands)));
  });

  it('names every assumption with its flag and its value', async () => {
    const flags = (await block('assumptions')).matchAll(/`(--[a-z-]+) ([^`]+)`/g);
    const shown: Record<string, string> = {};
    for (const [, flag = '', value = ''] of flags) shown[flag] = value;
    const { perDay, ...numbers } = DEFAULTS;
    const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    expect(shown).toEqual({
      ...Object.fromEntries(
        Object.entries(numbers).map(([name, value]) => [`--${kebab(name)}`, String(value)]),
      ),
      '--per-day': `list=${String(perDay.list)},…`,
    });
  });
});
