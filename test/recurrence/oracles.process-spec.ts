import { describe, expect, it } from '@jest/globals';
import { formatDay, parseDay } from '../../src/recurrence/calendar.js';
import { expand } from '../../src/recurrence/expand.js';
import { parseRule } from '../../src/recurrence/parse-rule.js';
import { type RandomRule, randomRule, seededRandom } from '../support/random-rules.js';
import { ORACLES, type Sample } from '../support/recurrence-oracles.js';

const MAX_DATES = 8;
const MAX_YEARS = 30;

function sampleOf({ rule, start }: RandomRule): Sample {
  const dates: string[] = [];
  const first = parseDay(start);
  for (const day of expand(parseRule(rule), first, first)) {
    if (day > first + MAX_YEARS * 366 || dates.length === MAX_DATES) break;
    dates.push(formatDay(day));
  }
  return { rule, start, dates };
}

/** Returns samples of random rules that have a date within 30 years. */
function samplesOf(seed: number, size: number): Sample[] {
  const random = seededRandom(seed);
  const samples: Sample[] = [];
  while (samples.length < size) {
    const sample = sampleOf(randomRule(random));
    if (sample.dates.length > 0) samples.push(sample);
  }
  return samples;
}

describe('the dates of random rules', () => {
  // Another seed each time; a failure prints it, to be set here.
  const seed = Date.now() % 2 ** 31;

  it.each(ORACLES)('are those of $name', ({ size, datesOf }) => {
    const samples = samplesOf(seed, size);
    const theirs = datesOf(samples);
    const different = samples.flatMap((sample, index) => {
      const dates = theirs[index] ?? [];
      return dates.join() === sample.dates.join() ? [] : [{ ...sample, theirs: dates }];
    });
    expect({ seed, different: different.slice(0, 5) }).toEqual({ seed, different: [] });
  });
});
