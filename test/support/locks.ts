import { jest } from '@jest/globals';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import type { TestApp } from './app.js';
import { asDatabaseOwner } from './database.js';

/** Switches the database's lock on the table of tasks on or off. */
export const setRowLevelSecurity = (app: TestApp, state: 'enable' | 'disable') =>
  asDatabaseOwner(app, `alter table task ${state} row level security`);

/** Takes the owner out of every condition of the statements that `isScoped` is true of. */
export function removeScoping(isScoped: (text: string) => boolean = () => true): void {
  for (const method of ['run', 'write'] as const) {
    const send = Reflect.get(ScopedQueryRunner.prototype, method);
    jest.spyOn(ScopedQueryRunner.prototype, method).mockImplementation(function (
      this: ScopedQueryRunner,
      owner,
      text,
      parameters = [],
    ) {
      if (!isScoped(text)) return send.call(this, owner, text, parameters);
      const unscoped = text.replaceAll(
        /(["\w]+\.)?"?owner_id"? = \$1/g,
        () => '$1::text is not null',
      );
      // An insert names its owner, and a lock is the owner's; neither has a condition.
      const hasNone = /insert into|pg_advisory_xact_lock|^select \$1::text$/.test(text);
      if (unscoped === text && !hasNone) throw new Error(`unscoped: ${text}`);
      return send.call(this, owner, unscoped, parameters);
    });
  }
}

/** Both locks are there again, and no tasks. */
export async function restoreLocks(app: TestApp): Promise<void> {
  jest.restoreAllMocks();
  await setRowLevelSecurity(app, 'enable');
  await asDatabaseOwner(app, 'delete from task');
}
