import { isIPv4, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { clientAddress } from '../http/index.js';

/** An IPv6 customer is given a /64 at least: who counts single addresses counts nothing. */
const PREFIX_PARTS = 4;

/** Returns what a request without a user counts against: its IPv4 address, or its IPv6 /64. */
export function clientNetwork(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = clientAddress(request);
  if (isIPv4(address) || !isIPv6(address)) return address;
  const { parts } = ipaddr.IPv6.parse(address);
  const prefix = parts.slice(0, PREFIX_PARTS).map((part) => part.toString(16));
  return `${prefix.join(':')}::/64`;
}
