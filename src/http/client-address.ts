import { isIP, isIPv4 } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** An address with what proxies such as Azure's add to it: a port, and brackets around IPv6. */
const WITH_PORT = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::\d+)?$/i;

/** Returns the address in an entry of `X-Forwarded-For`; RFC 7239, section 6, knows ports there too. */
function plainAddress(entry: string): string {
  if (isIPv4(entry)) return entry;
  const [, v6, v4] = WITH_PORT.exec(entry) ?? [];
  const address = v6 ?? v4 ?? entry;
  // One spelling; an IPv4 address mapped into IPv6 is that IPv4 address.
  return isIP(address) === 6 ? ipaddr.process(address).toString() : address;
}

/** Decides whose `X-Forwarded-For` is believed, for Fastify. */
export function trustedProxies(
  ranges: readonly string[],
): (address: string, hop: number) => boolean {
  const isTrusted = proxyAddr.compile([...ranges]);
  return (address, hop) => isTrusted(plainAddress(address), hop);
}

/**
 * Returns the address that a request came from, as limits, the log and Better Auth take it. A proxy that
 * passes on something else than an address stands for whoever is behind it: that could be anything, and
 * another each time.
 */
export function clientAddress({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = plainAddress(ip);
  return isIP(address) === 0 ? plainAddress(socket.remoteAddress ?? '') : address;
}
