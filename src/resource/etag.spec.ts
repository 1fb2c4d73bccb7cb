import { describe, expect, it } from '@jest/globals';
import { etagOf, fails, isNamed, isStale, parseIfMatch, parseIfNoneMatch } from './etag.js';

const refusal = expect.objectContaining({ code: 'invalid_header' }) as unknown as Error;

describe('parseIfMatch', () => {
  it.each([
    [undefined, undefined],
    ['*', '*'],
    [' * ', '*'],
    ['"3"', [3]],
    ['"1", "3"', [1, 3]],
    ['"1","3"\t,\t"4"', [1, 3, 4]],
    [',, "1",,', [1]],
    ['"999999999"', [999_999_999]],
  ])('reads %j as %j', (header, expected) => {
    expect(parseIfMatch(header)).toEqual(expected);
  });

  it.each(['W/"3"', '"03"', '"3.0"', '"-3"', '"0"', '""', '"1,3"', '"9999999999"', '"é"', '"*"'])(
    'reads %s as a tag that no version has',
    (header) => {
      const expected = parseIfMatch(header);
      expect([0, 1, 2, 3].map((version) => version > 0 && !isStale(version, expected))).toEqual([
        false,
        false,
        false,
        false,
      ]);
    },
  );

  it.each(['', ' ', ',', '3', '"3', '3"', '"3" "4"', '*,*', '*, "3"', 'w/"3"', 'W/ "3"', '"a b"'])(
    'refuses %j',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(refusal);
    },
  );

  it.each([`,${' '.repeat(50_000)}x`, '"1" , '.repeat(10_000) + 'x', `"${','.repeat(50_000)}`])(
    'refuses a hostile header in linear time',
    (header) => {
      // On the processor, whatever else the machine does.
      const start = process.cpuUsage();
      expect(() => parseIfMatch(header)).toThrow(refusal);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1_000).toBeLessThan(200);
    },
  );
});

describe('parseIfNoneMatch', () => {
  it.each([
    [undefined, undefined],
    ['*', '*'],
    ['"3"', [3]],
    ['W/"3"', [3]],
    ['"1",,W/"3" , "x"', [1, 3, 0]],
  ])('reads %j as %j', (header, named) => {
    expect(parseIfNoneMatch(header)).toEqual(named);
  });

  it.each(['', '3', '"3', '*, "3"', 'w/"3"'])('refuses %j', (header) => {
    expect(() => parseIfNoneMatch(header)).toThrow(refusal);
  });
});

describe('isNamed', () => {
  it.each([
    [undefined, false],
    ['*' as const, true],
    [[3], true],
    [[1, 3], true],
    [[1, 2], false],
  ])('of version 3 in %j is %j', (named, response) => {
    expect(isNamed(3, named)).toBe(response);
  });
});

describe('a precondition', () => {
  it.each([
    [{}, false],
    [{ ifMatch: [3], ifNoneMatch: [2] }, false],
    [{ ifMatch: [2], ifNoneMatch: [2] }, true],
    [{ ifMatch: [3], ifNoneMatch: [3] }, true],
    [{ ifMatch: '*' as const, ifNoneMatch: '*' as const }, true],
  ])('of %j on version 3 fails: %j', (precondition, failed) => {
    expect(fails(3, precondition)).toBe(failed);
  });
});

describe('isStale', () => {
  it.each([
    [undefined, false],
    ['*' as const, false],
    [[3], false],
    [[1, 3], false],
    [[1, 2], true],
    [[], true],
  ])('of version 3 where %j is expected is %j', (expected, stale) => {
    expect(isStale(3, expected)).toBe(stale);
  });

  it('is false for the tag that etagOf makes', () => {
    expect(isStale(7, parseIfMatch(etagOf(7)))).toBe(false);
  });
});
