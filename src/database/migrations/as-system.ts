import type { Migration } from '@mikro-orm/migrations';
import { SYSTEM_ROLE } from '../connection.js';

/**
 * Adds the statements of `change` as those of the system's role, which may create functions meanwhile: a
 * function can only be replaced by its owner, and the migrating role may not inherit that.
 */
export function asSystem(migration: Migration, change: () => void): void {
  migration.addSql(`grant create on schema public to ${SYSTEM_ROLE}`);
  migration.addSql(`set local role ${SYSTEM_ROLE}`);
  change();
  migration.addSql('reset role');
  migration.addSql(`revoke create on schema public from ${SYSTEM_ROLE}`);
}
