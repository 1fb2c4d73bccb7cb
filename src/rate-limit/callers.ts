import type { FastifyRequest } from 'fastify';
import { clientNetwork } from './client-network.js';

export interface User {
  readonly id: string;
}

/** Tells whose token a request carries; rejects when it is refused or cannot be verified. */
export interface Callers {
  /** At once, if it was verified before. */
  knownUserOf(request: FastifyRequest): User | undefined;
  userOf(request: FastifyRequest): Promise<User | undefined>;
}

/** Returns the user of a valid token. */
export async function userOf(request: FastifyRequest, callers: Callers): Promise<User | undefined> {
  // Nothing else reads bearer tokens: one sent along must not buy a larger allowance.
  if (!request.url.startsWith('/api/v1/')) return undefined;
  try {
    return callers.knownUserOf(request) ?? (await callers.userOf(request));
  } catch {
    // Why a token is refused is the guard's to say.
    return undefined;
  }
}

/** Returns the key that a request counts against: its user, or else the network it came from. */
export const callerKey = (request: FastifyRequest, user: User | undefined): string =>
  user ? `user:${user.id}` : `network:${clientNetwork(request)}`;
