import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** An IPv6 customer is given a /64 at least: who counts single addresses counts nothing. */
const PREFIX_PARTS = 4;

/** Its /64, however it is written; an IPv4 address mapped into IPv6 is that IPv4 address. */
function prefixOf(address: string): string {
  const ip = ipaddr.process(address);
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString();
  const prefix = ip.parts.slice(0, PREFIX_PARTS).map((part) => part.toString(16));
  return `${prefix.join(':')}::/64`;
}

/**
 * What a request without a user counts against: the IPv4 address or IPv6 /64 of whoever sent it,
 * which only a trusted proxy can name. What a proxy passes on that is no address counts against
 * the proxy: it could be anything, and another each time.
 */
export function clientNetwork({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  return isIP(address) === 6 ? prefixOf(address) : address;
}
