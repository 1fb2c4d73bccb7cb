import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { RandomRule } from './random-rules.js';

const require = createRequire(import.meta.url);

/** The first dates of a rule. An oracle returns as many; for another it might search for seconds. */
export interface Sample extends RandomRule {
  readonly dates: string[];
}

/** Prints the dates of rrule for the samples that it reads, as JSON. */
const RRULE = `
const { RRule } = require(process.argv[1]);
const samples = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(samples.map(({ rule, start, dates }) => {
  const options = { ...RRule.parseString(rule), count: dates.length, dtstart: new Date(start) };
  return new RRule(options).all().map((date) => date.toISOString().slice(0, 10));
})));
`;

/** Prints dateutil's dates for the samples that it reads, as JSON. */
const DATEUTIL = `
import json, sys
from datetime import datetime
from dateutil.rrule import rrulestr
print(json.dumps([
    [str(date.date()) for date in rrulestr(
        f"{sample['rule']};COUNT={len(sample['dates'])}",
        dtstart=datetime.fromisoformat(sample['start']))]
    for sample in json.load(sys.stdin)]))
`;

const hasDateutil = spawnSync('python3', ['-c', 'import dateutil']).status === 0;

/** Runs an oracle in a process of its own: in the context of a test, JavaScript's is ten times slower. */
function run(program: string, args: readonly string[], samples: readonly Sample[]): string[][] {
  const { stdout, stderr } = spawnSync(program, args, {
    input: JSON.stringify(samples),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

/** `dateutil` is optional: a machine without Python, or a Python without the package, compares with `rrule` only. */
export const ORACLES = [
  {
    name: 'rrule (npm)',
    size: 10_000,
    datesOf: (samples: readonly Sample[]) =>
      run(process.execPath, ['-e', RRULE, require.resolve('rrule')], samples),
  },
  ...(hasDateutil
    ? [
        {
          name: 'dateutil.rrule (PyPI)',
          size: 2000,
          datesOf: (samples: readonly Sample[]) => run('python3', ['-c', DATEUTIL], samples),
        },
      ]
    : []),
];
