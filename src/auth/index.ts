export { AuthModule } from './auth.module.js';
export type { AuthenticatedUser } from './authenticated-user.js';
export { Authenticator } from './authenticator.js';
export { CurrentUser } from './current-user.decorator.js';
export { inspectKeySet } from './inspect-key-set.js';
export { NOBODY } from './owner.js';
export { RefusesPersonalTokens } from './refuses-personal-tokens.decorator.js';
export { Public } from './public.decorator.js';
export { type TokenEnd, TokenVerifier } from './token-verifier.js';
