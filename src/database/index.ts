export { API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE } from './connection.js';
export { CommittedWrites } from './committed-writes.js';
export { DatabaseClock } from './database-clock.js';
export { DatabaseProbe } from './database-probe.js';
export { type DatabaseUrls, sharedUrls } from './database-urls.js';
export { DatabaseModule } from './database.module.js';
export { ListenConnection } from './listen-connection.js';
export { withAdvisoryLock } from './advisory-lock.js';
export { migrate, MigrationError, verifyRole, withMigrationLock } from './migrate.js';
export { measureWaits } from './measured-pool.js';
export { migrations } from './migrations/index.js';
export {
  appliedMigrations,
  incompatibleMigrations,
  pendingMigrations,
} from './applied-migrations.js';
export { type Database, joinDatabase, openDatabase } from './open-database.js';
export { isOutage, orUnavailable } from './outage.js';
export { createLoginRoles, loginRolesOf } from './create-login-roles.js';
export { loginsOf, missingSettings, type NamedLogin, roleOf, ROLES_COMMAND } from './login-role.js';
export { checkDistributable, distributeDatabase, undistributeDatabase } from './distribute.js';
export { adviceFor, verifyLogin } from './own-login.js';
export type { OwnerId } from './owner-id.js';
export { limitQueries, shareDeadline } from './query-deadline.js';
export { configOf, withClient } from './with-client.js';
export { asOwner, currentTransaction, OWNED_BY_CURRENT_USER } from './row-level-security.js';
export { traceQueries } from './traced-queries.js';
export { scopedQueriesOf } from './scoped-driver.js';
export type { Parameter, Row } from './scoped-query.js';
