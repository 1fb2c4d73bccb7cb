import { describe, expect, it } from '@jest/globals';
import { check } from '../../bench/check.ts';
import { optionsOf } from '../../bench/options.ts';
import { topFunctions } from '../../bench/profile.ts';
import { markdown, type Ratio, type Report } from '../../bench/report.ts';

const SUMMARY = { perSecond: 1_000, p50: 1, p99: 10, cpu: 100, databaseCpu: 50 };

function ratioOf(name: string, ratio: number, figures: Partial<Ratio> = {}): Ratio {
  const sides = { ours: SUMMARY, bare: SUMMARY };
  const rest = { goal: 1, better: 'more' as const, low: ratio, high: ratio };
  return { name, title: `the ${name}`, ratio, ...rest, ...sides, ...figures };
}

const REPORT: Report = {
  date: '2026-11-21',
  mode: 'full',
  machine: '2 cores',
  ratios: [
    ratioOf('list', 1.04),
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
    const { mode, names, check: isChecked } = optionsOf([]);
    expect({ mode, isChecked }).toEqual({ mode: 'full', isChecked: false });
    expect([...names]).toEqual(expect.arrayContaining(['me', 'patch', 'p99', 'memory', 'growth']));
  });

  it('leaves slow measurements to the full run', () => {
    expect(optionsOf(['--quick']).names.has('memory')).toBe(false);
    expect(optionsOf(['--quick', '--memory']).names.has('memory')).toBe(true);
    expect(optionsOf(['--quick', '--memory']).names.has('growth')).toBe(false);
  });

  it('limits --check to the ratios', () => {
    expect([...optionsOf(['--quick', '--check']).names]).toEqual([
      'me',
      'list',
      'filtered',
      'get',
      'create',
      'patch',
    ]);
  });

  it('limits --only to the named measurements', () => {
    expect([...optionsOf(['--only', 'me,list']).names]).toEqual(['me', 'list']);
  });

  it.each([
    [['--fast'], "Unknown option '--fast'"],
    [['--only', 'me,lists'], '"lists"'],
    [['--write', '--only', 'me'], '--write needs all'],
    [['quick'], 'quick'],
  ])('rejects %j with the usage', (args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
    expect(() => optionsOf(args)).toThrow(/--quick[^]*--only[^]*--check[^]*--profile/);
  });
});

describe('the check against the committed ratios', () => {
  const committed = [ratioOf('me', 0.8), ratioOf('list', 1)];

  it('fails on a regression that persists when measured again', async () => {
    const measured: string[] = [];
    const again = (name: string) => {
      measured.push(name);
      return Promise.resolve(ratioOf(name, 0.7));
    };
    const { ratios, worse } = await check(
      [ratioOf('me', 0.61), ratioOf('list', 0.74)],
      committed,
      again,
    );
    expect(worse).toEqual(['list: 0.70, committed 1.00']);
    expect(measured).toEqual(['list']);
    expect(ratios.map(({ ratio }) => ratio)).toEqual([0.61, 0.7]);
  });

  it('passes if the second measurement shows that the first was noise', async () => {
    const again = (name: string) => Promise.resolve(ratioOf(name, 0.98));
    const { worse } = await check([ratioOf('list', 0.4)], committed, again);
    expect(worse).toEqual([]);
  });

  it('fails if a ratio is not a number', async () => {
    const again = (name: string) => Promise.resolve(ratioOf(name, Number.NaN));
    const { worse } = await check([ratioOf('list', Number.NaN)], committed, again);
    expect(worse).toHaveLength(1);
  });

  it('ignores measurements without a committed ratio', async () => {
    const again = (name: string) => Promise.reject(new Error(name));
    const { worse } = await check([ratioOf('get', 0.1)], committed, again);
    expect(worse).toEqual([]);
  });
});

describe('the report', () => {
  it('marks reached goals, whether more or less is better', () => {
    const text = markdown(REPORT);
    expect(text).toMatch(/the list.*\*\*1\.04\*\*.*≥ 1 \| ✓/);
    expect(text).toMatch(/the get.*\*\*0\.50\*\*.*≥ 1 \| ✗/);
    expect(text).toMatch(/the p99.*10 ms.*\*\*1\.20\*\*.*≤ 1\.25 \| ✓/);
    expect(text).toMatch(/start \| 2\.50 s \| ≤ 3 s \| ✓/);
    expect(text).toMatch(/memory \| 200 MiB \| ≤ 180 MiB \| ✗/);
    expect(text).toContain('12,345/s');
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
