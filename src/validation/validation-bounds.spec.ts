import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Problem } from '../problems/problem.js';
import { NestedEach } from './nested.js';
import { ProblemValidationPipe } from './validation.pipe.js';
import { eachRule, rule } from './validators.js';

/** Returns how many errors a body gets. */
function errorCountOf(value: unknown, metatype: Type<object>): number {
  try {
    new ProblemValidationPipe().transform(value, { type: 'body', metatype });
  } catch (error) {
    if (error instanceof Problem) return error.errors.length;
  }
  return 0;
}

describe('the validation pipe', () => {
  it('stops once there are a hundred errors', () => {
    let looks = 0;
    class Looked {
      @rule('never', () => (looks += 1) === 0, 'is never right')
      word!: string;
    }
    class Many {
      @NestedEach(1_000, () => Looked)
      first!: Looked[];

      @NestedEach(1_000, () => Looked)
      second!: Looked[];
    }
    const items = Array.from({ length: 90 }, () => ({ word: 'a' }));
    expect(errorCountOf({ first: items, second: items }, Many)).toBe(100);
    expect(looks).toBe(100);
  });

  it('checks no more elements than a problem can list', () => {
    let looks = 0;
    class Elements {
      @eachRule('never', () => (looks += 1) === 0, 'is never right')
      first!: number[];

      @eachRule('never', () => (looks += 1) === 0, 'is never right')
      second!: number[];
    }
    const items = Array.from({ length: 90 }, () => 0);
    expect(errorCountOf({ first: items, second: items }, Elements)).toBe(100);
    expect(looks).toBeLessThanOrEqual(100 + 4);
  });
});
