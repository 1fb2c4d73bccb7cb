import type { Migration } from '@mikro-orm/migrations';
import { SYSTEM_ROLE } from '../connection.js';

/**
 * Setting of Citus, without effect elsewhere: these functions look at the rows of many users from the
 * coordinator, and the other servers do not know of a right that is granted meanwhile.
 */
const PROPAGATION = 'citus.enable_ddl_propagation';

const begin = (schemas: readonly string[]) => [
  `set local ${PROPAGATION} = off`,
  ...schemas.map((schema) => `grant create on schema ${schema} to ${SYSTEM_ROLE}`),
  `set local role ${SYSTEM_ROLE}`,
];

const end = (schemas: readonly string[]) => [
  'reset role',
  ...schemas.map((schema) => `revoke create on schema ${schema} from ${SYSTEM_ROLE}`),
  `reset ${PROPAGATION}`,
];

/**
 * Adds the statements of `change` as those of the system's role, which may create functions meanwhile: a
 * function can only be replaced by its owner, and the migrating role may not inherit that.
 */
export function asSystem(migration: Migration, change: () => void): void {
  for (const sql of begin(['public'])) migration.addSql(sql);
  change();
  for (const sql of end(['public'])) migration.addSql(sql);
}

/** Returns the statements of a transaction that sends `statements` as the system's role. */
export function systemStatements(
  statements: readonly string[],
  schemas: readonly string[] = ['public'],
): string[] {
  return [...begin(schemas), ...statements, ...end(schemas)];
}
