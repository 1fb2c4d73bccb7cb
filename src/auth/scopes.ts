import { Problem } from '../problems/index.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { challenge } from './challenge.js';

/** Scope required by the tools that read. */
export const READ_SCOPE = 'tasks:read';
/** Scope required for everything but reading, if a token has scopes. */
export const WRITE_SCOPE = 'tasks:write';

const REASONS = {
  [READ_SCOPE]: 'The token is not for reading: its scope lacks tasks:read.',
  [WRITE_SCOPE]: 'The token is for reading: its scope lacks tasks:write.',
};

/** @throws Problem `insufficient_scope` if the token has scopes and lacks this one. */
export function assertScope(
  { scopes }: Pick<AuthenticatedUser, 'scopes'>,
  scope: typeof READ_SCOPE | typeof WRITE_SCOPE,
): void {
  if (scopes === undefined || scopes.includes(scope)) return;
  throw new Problem('insufficient_scope', REASONS[scope], {
    headers: challenge('insufficient_scope', undefined, scope),
  });
}
