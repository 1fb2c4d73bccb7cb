export { type AuthEvent, logAuthEvent } from './auth-log.js';
export { KeySource } from './key-source.js';
export { RevokedSessions } from './revoked-sessions.js';
