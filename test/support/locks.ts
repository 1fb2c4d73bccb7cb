import { QueryBuilder } from '@mikro-orm/postgresql';
import { jest } from '@jest/globals';
import type { TestApp } from './app.js';
import { asDatabaseOwner } from './database.js';

/** Switches the database's lock on the table of tasks on or off. */
export const setRowLevelSecurity = (app: TestApp, state: 'enable' | 'disable') =>
  asDatabaseOwner(app, `alter table task ${state} row level security`);

/** Takes the owner out of every condition of the repositories' statements. */
export function removeScoping(): void {
  const where = Reflect.get(QueryBuilder.prototype, 'where');
  jest.spyOn(QueryBuilder.prototype, 'where').mockImplementation(function (
    this: unknown,
    condition: unknown,
    ...rest: unknown[]
  ) {
    const { ownerId: _, ...unscoped } = Object(condition) as Record<string, unknown>;
    const isText = typeof condition === 'string';
    return Reflect.apply(where, this, [isText ? condition : unscoped, ...rest]) as unknown;
  } as never);
}

/** Both locks are there again, and no tasks. */
export async function restoreLocks(app: TestApp): Promise<void> {
  jest.restoreAllMocks();
  await setRowLevelSecurity(app, 'enable');
  await asDatabaseOwner(app, 'delete from task');
}
