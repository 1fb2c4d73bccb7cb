import { isIP, isIPv4 } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** An address with the port and the brackets that proxies such as Azure's add. */
const WITH_PORT = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::\d+)?$/i;

/**
 * Returns the address in an entry of `X-Forwarded-For`, without the port that RFC 7239, section 6,
 * allows.
 */
function plainAddress(entry: string): string {
  if (isIPv4(entry)) return entry;
  const [, v6, v4] = WITH_PORT.exec(entry) ?? [];
  const address = v6 ?? v4 ?? entry;
  // Canonical spelling; an IPv4-mapped IPv6 address becomes the IPv4 address.
  return isIP(address) === 6 ? ipaddr.process(address).toString() : address;
}

/** Decides for Fastify whose `X-Forwarded-For` is trusted. */
export function trustedProxies(
  ranges: readonly string[],
): (address: string, hop: number) => boolean {
  const isTrusted = proxyAddr.compile([...ranges]);
  return (address, hop) => isTrusted(plainAddress(address), hop);
}

/**
 * Returns the address of a client for limits, the log and Better Auth. If a proxy forwards
 * something that is not an address, the proxy's own address counts: the value could be anything,
 * and differ each time.
 */
export function clientAddress({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = plainAddress(ip);
  return isIP(address) === 0 ? plainAddress(socket.remoteAddress ?? '') : address;
}
