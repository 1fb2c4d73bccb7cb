export { logAuthEvent, personalTokenDetails, type RefusalEvent } from './auth-log.js';
export { CheckedSecret } from './checked-secret.js';
export { KeySource } from './key-source.js';
export { createPersonalToken, isPersonalToken, isWellFormed } from './personal-token.js';
export { type FoundToken, PersonalTokens, type TokenDetails } from './personal-tokens.js';
export { RevokedSessions } from './revoked-sessions.js';
