import { describe, expect, it } from '@jest/globals';
import { formatPayloads, parsePayload } from './change-payload.js';

describe('a notification of changes', () => {
  it.each([
    { name: 'an ordinary id', ids: ['kQ0v3mYt8nHsB1xZ'] },
    { name: 'ids of any characters', ids: ['a"b\\c', 'x\ny', '日本', 'é', "';--", ''] },
    { name: 'ids of many bytes', ids: ['\u0001'.repeat(255), '日'.repeat(255)] },
  ])('contains the sender and $name', ({ ids }) => {
    const payloads = formatPayloads('this', ids);
    expect(payloads.map(parsePayload)).toEqual([{ instance: 'this', owners: ids }]);
  });

  it('is several when one would exceed the limit of PostgreSQL', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `${'\u0001'.repeat(i % 255)}${String(i)}`);
    const payloads = formatPayloads('this', ids);
    expect(payloads.flatMap((payload) => parsePayload(payload).owners)).toEqual(ids);
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  });

  it('is not sent for nobody', () => {
    expect(formatPayloads('this', [])).toEqual([]);
  });

  it.each(['', '{', 'null', '{"a":1}', '17', '[[]]', '[1,2]'])(
    'of another form (%j) is ignored',
    (payload) => {
      expect(parsePayload(payload).owners).toEqual([]);
    },
  );
});
