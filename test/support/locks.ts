import { jest } from '@jest/globals';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import type { TestApp } from './app.js';
import { asDatabaseOwner } from './database.js';

/** Switches the database's lock on the table of tasks on or off. */
export const setRowLevelSecurity = (app: TestApp, state: 'enable' | 'disable') =>
  asDatabaseOwner(app, `alter table task ${state} row level security`);

/** Takes the owner out of every condition of the statements that `isScoped` is true of. */
export function removeScoping(isScoped: (text: string) => boolean = () => true): void {
  const run = Reflect.get(ScopedQueryRunner.prototype, 'run');
  jest.spyOn(ScopedQueryRunner.prototype, 'run').mockImplementation(function (
    this: ScopedQueryRunner,
    owner,
    text,
    ...rest
  ) {
    if (!isScoped(text)) return run.call(this, owner, text, ...rest);
    const unscoped = text.replaceAll(
      /(["\w]+\.)?"?owner_id"? = \$1/g,
      () => '$1::text is not null',
    );
    // An insert names its owner, and the lock is the owner's; neither has a condition.
    const hasNone = /insert into|pg_advisory_xact_lock/.test(text);
    if (unscoped === text && !hasNone) throw new Error(`unscoped: ${text}`);
    return run.call(this, owner, unscoped, ...rest);
  });
}

/** Both locks are there again, and no tasks. */
export async function restoreLocks(app: TestApp): Promise<void> {
  jest.restoreAllMocks();
  await setRowLevelSecurity(app, 'enable');
  await asDatabaseOwner(app, 'delete from task');
}
