import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { clientAddress, trustedProxies } from './client-address.js';

const socket = { remoteAddress: '::ffff:10.0.0.1' } as Socket;

describe('clientAddress', () => {
  it.each([
    { ip: '192.0.2.1', address: '192.0.2.1' },
    { ip: '192.0.2.1:443', address: '192.0.2.1' },
    { ip: '::ffff:192.0.2.1', address: '192.0.2.1' },
    { ip: '[::ffff:192.0.2.1]:443', address: '192.0.2.1' },
    { ip: '2001:DB8:0::1', address: '2001:db8::1' },
    { ip: '[2001:db8::1]', address: '2001:db8::1' },
    { ip: '[2001:db8::1]:443', address: '2001:db8::1' },
  ])('takes $ip as $address', ({ ip, address }) => {
    expect(clientAddress({ ip, socket })).toBe(address);
  });

  it.each([
    'unknown',
    '_hidden',
    '',
    '192.0.2.1:',
    '192.0.2.1:x',
    '[192.0.2.1',
    '999.0.0.1:1',
    'a\nb',
  ])('takes the proxy for what is no address: %j', (ip) => {
    expect(clientAddress({ ip, socket })).toBe('10.0.0.1');
  });
});

it('a proxy is trusted whatever port it is named with', () => {
  const isTrusted = trustedProxies(['10.0.0.0/8', '::1']);
  for (const proxy of ['10.1.2.3', '10.1.2.3:50', '[::1]:50', '::ffff:10.1.2.3']) {
    expect([proxy, isTrusted(proxy, 0)]).toEqual([proxy, true]);
  }
  for (const other of ['192.0.2.1:50', '10.1.2.3.example', 'unknown']) {
    expect([other, isTrusted(other, 0)]).toEqual([other, false]);
  }
});
