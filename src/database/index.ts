export { CONNECT_TIMEOUT, IDENTITY_ROLE, SYSTEM_ROLE, urlFor } from './connection.js';
export { DatabaseProbe } from './database-probe.js';
export { DatabaseModule } from './database.module.js';
export { type Database, joinDatabase, openDatabase } from './open-database.js';
export { isOutage, orUnavailable } from './outage.js';
export { limitQueries } from './query-deadline.js';
export { asOwner } from './row-level-security.js';
