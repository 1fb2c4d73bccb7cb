export { logAuthEvent, type RefusalEvent } from './auth-log.js';
export { KeySource } from './key-source.js';
export { RevokedSessions } from './revoked-sessions.js';
