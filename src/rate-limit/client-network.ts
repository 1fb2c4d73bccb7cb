import { isIPv4, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { clientAddress } from '../http/index.js';

/** Every IPv6 customer has at least a /64, so counting single addresses is useless. */
const PREFIX_PARTS = 4;

/**
 * Returns the network that a request without a user counts against: its IPv4 address, or its IPv6
 * /64.
 */
export function clientNetwork(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = clientAddress(request);
  if (isIPv4(address) || !isIPv6(address)) return address;
  const { parts } = ipaddr.IPv6.parse(address);
  const prefix = parts.slice(0, PREFIX_PARTS).map((part) => part.toString(16));
  return `${prefix.join(':')}::/64`;
}
