import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** Headers by which proxies name the client, or themselves. */
const FORWARDING =
  /^(?:forwarded|via|x-forwarded(?:-.+)?|(?:x-real|x-client|true-client|cf-connecting)-ip)$/;

/** Returns whether an address is one of this machine's own: 127.0.0.0/8 or ::1. */
function isLoopback(address: string): boolean {
  const v4 = isIPv6(address) ? address.replace(/^::ffff:/i, '') : address;
  return v4 === '::1' || v4.startsWith('127.');
}

/**
 * Returns whether a request comes from this machine, and through no proxy. `trustProxy` plays no part:
 * the address is that of the connection.
 */
export function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    !Object.keys(headers).some((name) => FORWARDING.test(name))
  );
}
