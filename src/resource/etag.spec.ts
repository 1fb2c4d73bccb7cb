import { describe, expect, it } from '@jest/globals';
import { etagOf, fails, isNamed, isStale, parseIfMatch, parseIfNoneMatch } from './etag.js';

const refusal = expect.objectContaining({ code: 'invalid_header' }) as unknown as Error;

describe('parseIfMatch', () => {
  it.each([
    { header: undefined, expected: undefined },
    { header: '*', expected: '*' },
    { header: ' * ', expected: '*' },
    { header: '"3"', expected: [3] },
    { header: '"1", "3"', expected: [1, 3] },
    { header: '"1","3"\t,\t"4"', expected: [1, 3, 4] },
    { header: ',, "1",,', expected: [1] },
    { header: '"999999999"', expected: [999_999_999] },
  ])('reads $header as $expected', ({ header, expected }) => {
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
    { header: undefined, named: undefined },
    { header: '*', named: '*' },
    { header: '"3"', named: [3] },
    { header: 'W/"3"', named: [3] },
    { header: '"1",,W/"3" , "x"', named: [1, 3, 0] },
  ])('reads $header as $named', ({ header, named }) => {
    expect(parseIfNoneMatch(header)).toEqual(named);
  });

  it.each(['', '3', '"3', '*, "3"', 'w/"3"'])('refuses %j', (header) => {
    expect(() => parseIfNoneMatch(header)).toThrow(refusal);
  });
});

describe('isNamed', () => {
  it.each([
    { named: undefined, response: false },
    { named: '*' as const, response: true },
    { named: [3], response: true },
    { named: [1, 3], response: true },
    { named: [1, 2], response: false },
  ])('of version 3 in $named is $response', ({ named, response }) => {
    expect(isNamed(3, named)).toBe(response);
  });
});

describe('a precondition', () => {
  it.each([
    { precondition: {}, failed: false },
    { precondition: { ifMatch: [3], ifNoneMatch: [2] }, failed: false },
    { precondition: { ifMatch: [2], ifNoneMatch: [2] }, failed: true },
    { precondition: { ifMatch: [3], ifNoneMatch: [3] }, failed: true },
    { precondition: { ifMatch: '*' as const, ifNoneMatch: '*' as const }, failed: true },
  ])('of $precondition on version 3 fails: $failed', ({ precondition, failed }) => {
    expect(fails(3, precondition)).toBe(failed);
  });
});

describe('isStale', () => {
  it.each([
    { expected: undefined, stale: false },
    { expected: '*' as const, stale: false },
    { expected: [3], stale: false },
    { expected: [1, 3], stale: false },
    { expected: [1, 2], stale: true },
    { expected: [], stale: true },
  ])('of version 3 where $expected is expected is $stale', ({ expected, stale }) => {
    expect(isStale(3, expected)).toBe(stale);
  });

  it('is false for the tag that etagOf makes', () => {
    expect(isStale(7, parseIfMatch(etagOf(7)))).toBe(false);
  });
});
