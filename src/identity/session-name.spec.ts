import { expect, it } from '@jest/globals';
import { nameOfSession } from './session-name.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

it.each([
  { userAgent: FIREFOX, name: 'Firefox on Linux' },
  { userAgent: SAFARI, name: 'Safari on iOS' },
  { userAgent: 'curl/8.5.0', name: 'curl/8.5.0' },
  { userAgent: 'tool/1 (a comment)', name: 'tool/1' },
  { userAgent: 'x'.repeat(500), name: 'x'.repeat(100) },
  { userAgent: '', name: undefined },
  { userAgent: null, name: undefined },
])('a session of $userAgent has the name $name', ({ userAgent, name }) => {
  expect(nameOfSession(userAgent)).toBe(name);
});
