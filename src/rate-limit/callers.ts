import type { FastifyRequest } from 'fastify';
import { isForApi } from '../http/index.js';
import { clientNetwork } from './client-network.js';

export interface User {
  readonly id: string;
}

/** Resolves the user of a request's token; rejects when it is refused or cannot be verified. */
export interface Callers {
  /** Returns the user synchronously if the token was verified before. */
  cachedUserOf(request: FastifyRequest): User | undefined;
  userOf(request: FastifyRequest): Promise<User | undefined>;
}

/** Returns the user of a valid token. */
export async function userOf(request: FastifyRequest, callers: Callers): Promise<User | undefined> {
  // Other routes do not read bearer tokens: sending one must not buy a larger allowance.
  if (!isForApi(request)) return undefined;
  try {
    return callers.cachedUserOf(request) ?? (await callers.userOf(request));
  } catch {
    // The guard reports why a token is refused.
    return undefined;
  }
}

/** Returns the key that a request counts against: its user, or else its network. */
export const callerKey = (request: FastifyRequest, user: User | undefined): string =>
  user ? `user:${user.id}` : `network:${clientNetwork(request)}`;
