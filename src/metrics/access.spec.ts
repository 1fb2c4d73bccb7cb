import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { isFromThisMachine } from './access.js';

const from = (remoteAddress: string | undefined, headers: object = {}) =>
  isFromThisMachine({ socket: { remoteAddress }, headers } as IncomingMessage);

describe('a request from this machine', () => {
  it.each(['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    'has the address %s',
    (address) => {
      expect(from(address)).toBe(true);
    },
  );

  it.each([
    '203.0.113.9',
    '10.0.0.1',
    '::',
    '2001:db8::127.0.0.1',
    '::ffff:203.0.113.9',
    '1270.0.0.1',
  ])('does not have the address %s', (address) => {
    expect(from(address)).toBe(false);
  });

  it('has an address: a connection that is closed has none', () => {
    expect(from(undefined)).toBe(false);
  });

  it('has no header of a proxy, even an empty one', () => {
    expect(from('127.0.0.1', { host: 'localhost', 'x-forwarded-for': '' })).toBe(false);
    expect(from('127.0.0.1', { host: 'localhost', 'x-request-id': 'x' })).toBe(true);
  });
});
