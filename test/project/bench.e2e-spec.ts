import { describe, expect, it } from '@jest/globals';
import { processorTimes } from '../../bench/busy.ts';
import { check, exceeded, missing } from '../../bench/check.ts';
import { STATEMENTS } from '../../bench/indexes-statements.ts';
import { optionsOf } from '../../bench/options.ts';
import { topFunctions } from '../../bench/profile.ts';
import { markdown, type Ratio, type Report } from '../../bench/report.ts';
import { TaskSchema } from '../../src/tasks/task.entity.js';

const SUMMARY = { perSecond: 1_000, p50: 1, p95: 5, p99: 10, cpu: 100, databaseCpu: 50 };

/** A ratio whose rates and CPU times agree. */
function ratioOf(name: string, ratio: number, figures: Partial<Ratio> = {}): Ratio {
  return {
    name,
    title: `the ${name}`,
    ...{ peer: 'bare', driver: 'bursts', goal: 1, better: 'more' },
    ...{ ratio, low: ratio, high: ratio, byCpu: ratio, ours: SUMMARY, theirs: SUMMARY },
    ...figures,
  };
}

const REPORT: Report = {
  date: '2026-11-21',
  mode: 'full',
  machine: '2 cores',
  busy: 0.031,
  ratios: [
    ratioOf('list', 1.04),
    ratioOf('list', 0.8, { driver: 'wrk', goal: 0.9 }),
    ratioOf('list', 5.1, { driver: 'wrk', goal: 5, peer: 'fastapi' }),
    ratioOf('get', 0.5),
    ratioOf('p99', 1.2, { goal: 1.25, better: 'less' }),
  ],
  limits: [{ title: 'pgbench', perSecond: 12_345 }],
  own: [
    { name: 'start', title: 'start', unit: 's', value: 2.5, goal: 3, details: '2.4, 2.6' },
    { name: 'memory', title: 'memory', unit: 'MiB', value: 200.4, goal: 180, details: '' },
  ],
};

describe('the options of the benchmark', () => {
  it('measures everything by default', () => {
    const { mode, names, peers, check: isChecked } = optionsOf([]);
    expect({ mode, isChecked }).toEqual({ mode: 'full', isChecked: false });
    expect([...names]).toEqual(expect.arrayContaining(['me', 'patch', 'p99', 'memory', 'growth']));
    expect([...peers]).toEqual(['bare', 'lean', 'fastapi', 'pocketbase']);
  });

  it('leaves slow measurements to the full run', () => {
    expect(optionsOf(['--quick']).names.has('memory')).toBe(false);
    expect(optionsOf(['--quick', '--memory']).names.has('memory')).toBe(true);
    expect(optionsOf(['--quick', '--memory']).names.has('growth')).toBe(false);
  });

  it('leaves peers that need other tools to the full run', () => {
    expect([...optionsOf(['--quick']).peers]).toEqual(['bare', 'lean']);
    expect([...optionsOf(['--quick', '--peers', 'fastapi']).peers]).toEqual(['fastapi']);
  });

  it('limits --check to ratios of CPU times', () => {
    expect([...optionsOf(['--quick', '--check']).names]).toEqual([
      'me',
      'list',
      'filtered',
      'get',
      'create',
      'patch',
      'body',
    ]);
  });

  it('limits --only to the named measurements', () => {
    expect([...optionsOf(['--only', 'me,list']).names]).toEqual(['me', 'list']);
  });

  it.each([
    { args: ['--fast'], message: "Unknown option '--fast'" },
    { args: ['--only', 'me,lists'], message: '"lists"' },
    { args: ['--peers', 'bear'], message: '"bear"' },
    { args: ['--write', '--only', 'me'], message: '--write needs all' },
    { args: ['--write', '--peers', 'lean'], message: '--write needs the peers' },
    { args: ['quick'], message: 'quick' },
  ])('rejects $args with the usage', ({ args, message }) => {
    expect(() => optionsOf(args)).toThrow(message);
    expect(() => optionsOf(args)).toThrow(/--quick[^]*--only[^]*--check[^]*--profile/);
  });
});

describe('the check against the committed ratios', () => {
  const committed = [ratioOf('me', 0.8), ratioOf('list', 1)];
  const neverAgain = ({ name }: Ratio) => Promise.reject(new Error(name));

  it('fails on a regression that persists when measured again', async () => {
    const measured: string[] = [];
    const again = ({ name }: Ratio) => {
      measured.push(name);
      return Promise.resolve(ratioOf(name, 0.7));
    };
    const { ratios, worse } = await check(
      [ratioOf('me', 0.61), ratioOf('list', 0.74)],
      committed,
      again,
    );
    expect(worse).toEqual(['list (bare, bursts): 0.70, committed 1.00']);
    expect(measured).toEqual(['list']);
    expect(ratios.map(({ ratio }) => ratio)).toEqual([0.61, 0.7]);
  });

  it('passes if the second measurement shows that the first was noise', async () => {
    const again = ({ name }: Ratio) => Promise.resolve(ratioOf(name, 0.98));
    const { worse } = await check([ratioOf('list', 0.4)], committed, again);
    expect(worse).toEqual([]);
  });

  it('fails if a ratio is not a number', async () => {
    const again = ({ name }: Ratio) => Promise.resolve(ratioOf(name, Number.NaN));
    const { worse } = await check([ratioOf('list', Number.NaN)], committed, again);
    expect(worse).toHaveLength(1);
  });

  it.each([
    { name: 'scenario', ratio: ratioOf('get', 0.1) },
    { name: 'peer', ratio: ratioOf('list', 0.1, { peer: 'lean' }) },
    { name: 'driver', ratio: ratioOf('list', 0.1, { driver: 'wrk' }) },
  ])('ignores a $name without a committed ratio', async ({ ratio }) => {
    const { worse } = await check([ratio], committed, neverAgain);
    expect(worse).toEqual([]);
  });

  it('compares CPU times, not rates, which others influence', async () => {
    const slow = ratioOf('list', 1, { ratio: 0.1 });
    expect((await check([slow], committed, neverAgain)).worse).toEqual([]);
    const costly = ratioOf('list', 0.5, { ratio: 1 });
    const { worse } = await check([costly], committed, () => Promise.resolve(costly));
    expect(worse).toEqual(['list (bare, bursts): 0.50, committed 1.00']);
  });

  it('names committed ratios that were selected and not measured', () => {
    const committed = [
      ratioOf('list', 1),
      ratioOf('list', 1, { driver: 'wrk' }),
      ratioOf('list', 5, { peer: 'fastapi' }),
      ratioOf('me', 1),
    ];
    const selected = { names: new Set(['list']), peers: new Set(['bare'] as const) };
    expect(missing([ratioOf('list', 0.9)], committed, selected)).toEqual(['list (bare, wrk)']);
  });

  it('fails on a figure of its own that exceeds its goal', () => {
    const body = { name: 'body', title: '', unit: '×', goal: 5, details: '' };
    expect(exceeded([{ ...body, value: 4.9 }])).toEqual([]);
    expect(exceeded([{ ...body, value: 5.1 }])).toEqual(['body: 5.10, goal 5']);
    expect(exceeded([{ ...body, value: Number.NaN }])).toHaveLength(1);
  });
});

describe('the benchmark of indexes', () => {
  it('has a statement for each index of the entity, and for no other', () => {
    const names = TaskSchema.meta.indexes.map(({ name }) => name);
    expect(STATEMENTS.map(({ index }) => index).sort()).toEqual(names.sort());
  });
});

describe('the report', () => {
  it('marks reached goals, whether more or less is better', () => {
    const text = markdown(REPORT);
    expect(text).toContain('2 cores, 3 % in use by others:');
    expect(text).toContain(
      '| Taskward ÷ | same schema, bursts | same schema, wrk | FastAPI, 2 workers, wrk |',
    );
    expect(text).toContain('| the list | **1.04** ≥ 1 ✓ | **0.80** ≥ 0.9 ✗ | **5.10** ≥ 5 ✓ |');
    expect(text).toContain('| the get | **0.50** ≥ 1 ✗ |  |  |');
    expect(text).toContain('| the p99 | **1.20** ≤ 1.25 ✓ |  |  |');
    expect(text).toMatch(/the list \| same schema \| wrk .*\| 0\.80 \|/);
    expect(text).toMatch(/start \| 2\.50 s \| ≤ 3 s \| ✓/);
    expect(text).toMatch(/memory \| 200 MiB \| ≤ 180 MiB \| ✗/);
    expect(text).toContain('12,345/s');
  });
});

describe('how busy the machine is', () => {
  it('counts the time of all processors, without guests, idle time and waits for disks', () => {
    const stat = 'cpu  100 10 50 800 20 5 5 10 100 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
    expect(processorTimes(stat)).toEqual({ all: 1_000, busy: 180 });
  });
});

describe('a profile', () => {
  it('names the functions that took most time, idle time and the start left out', () => {
    const callFrame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 6 });
    const profile = {
      nodes: [
        { id: 1, callFrame: callFrame('(idle)') },
        { id: 2, callFrame: callFrame('parse', 'file:///a/b/pg/lib/parser.js') },
        { id: 3, callFrame: callFrame('') },
      ],
      samples: [3, 1, 2, 3, 2],
      timeDeltas: [1_000, 5_000_000, 30, 10, 60],
    };
    const top = topFunctions(profile, 2);
    expect(top).toEqual([
      ['parse pg/lib/parser.js:7', 0.9],
      ['(anonymous)', 0.1],
    ]);
  });
});
