import { expect, it } from '@jest/globals';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';

const idOf = (given?: string) =>
  requestIdOf({ headers: given === undefined ? {} : { [REQUEST_ID_HEADER]: given } });

it.each(['a', '0', 'x'.repeat(128), 'A-b_c.d:e+f/g=h@i'])('the sane id %s is kept', (given) => {
  expect(idOf(given)).toBe(given);
});

it.each([undefined, '', 'x'.repeat(129), 'a b', 'a\nb', 'a\n', 'a"', 'a,b', 'é', '\u2028'])(
  'for %j there is a new one each time',
  (given) => {
    const ids = [idOf(given), idOf(given)];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids[0]).not.toBe(ids[1]);
  },
);
