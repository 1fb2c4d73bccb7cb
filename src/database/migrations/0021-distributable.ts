import { setTimeout as delay } from 'node:timers/promises';
import { Migration } from '@mikro-orm/migrations';
import { API_ROLE, SAFE_SEARCH_PATH } from '../connection.js';
import { sqlStatesOf } from '../outage.js';
import { PURGE as PREVIOUS_PURGE, SEARCH } from './0003-task-lists.js';
import { PURGE as PREVIOUS_PURGE_KEYS } from './0004-idempotency.js';
import { ERASE } from './0011-purges.js';
import { COUNTED_PURGES } from './0012-usage.js';
import { NEXT_OWNER_WITH_LISTS } from './0015-lists.js';
import * as logged from './0018-changes.js';
import { CHANGE_HEADS } from './0019-change-heads.js';
import * as distributable from './0021-distributable.sql.js';
import { systemStatements } from './as-system.js';

/** Conditions of a policy: a distributed database refuses the one with a subselect. */
const IS_OWN = `owner_id = nullif(current_setting('app.user_id', true), '')`;
const PREVIOUS_IS_OWN = `owner_id = (select nullif(current_setting('app.user_id', true), ''))`;

/** Tables whose policy has a subselect. */
const TABLES = ['idempotency_key', 'list', 'task', 'usage'];

/** Functions of earlier versions, which nothing calls any more. Their bodies depend on tables. */
const UNUSED: Readonly<Record<string, string>> = {
  'public.task_matches(text, text[])': SEARCH[0],
  'public.task_matches_are_many(text, text[])': SEARCH[1],
  'public.purge_trash(int, int)': PREVIOUS_PURGE,
  'public.purge_idempotency_keys(int)': PREVIOUS_PURGE_KEYS,
};

const replacing = (create: string) =>
  create.replace(/create (or replace )?function/, 'create or replace function');

/** The erasure of an account, which now acts for its owner on every server. */
const ERASE_ACTING = replacing(ERASE).replace(
  /set_config\('app\.user_id', (\w+), true\)/g,
  'public.act_for($1)',
);

const ACT_FOR = 'public.act_for(text)';

const restricted = (signature: string) => [
  `revoke all on function ${signature} from public`,
  `grant execute on function ${signature} to ${API_ROLE}`,
];

const UP = [
  distributable.ACT_FOR,
  `revoke all on function ${ACT_FOR} from public`,
  ERASE_ACTING,
  distributable.PURGE_TRASH,
  distributable.PURGE_KEYS,
  distributable.PURGE_CHANGES,
  distributable.NEXT_OWNER,
  distributable.RENUMBER,
  distributable.CHANGE_HEADS,
  ...Object.keys(UNUSED).map((signature) => `drop function if exists ${signature}`),
];

const DOWN = [
  ...Object.entries(UNUSED).flatMap(([signature, create]) => [
    replacing(create),
    `alter function ${signature} set search_path = ${SAFE_SEARCH_PATH}`,
    ...restricted(signature),
  ]),
  ...[
    CHANGE_HEADS,
    logged.RENUMBER,
    NEXT_OWNER_WITH_LISTS,
    logged.PURGE_CHANGES,
    COUNTED_PURGES[1],
  ].map(replacing),
  logged.LOGGED_PURGE,
  replacing(ERASE),
  `drop function if exists ${ACT_FOR}`,
];

/** Attempts to lock a table, each of a second, and the pause between two. */
const MAX_ATTEMPTS = 60;
const PAUSE_MS = 250;

/**
 * A schema that a database distributed by `owner_id` takes as it is. On one server nothing changes: the
 * condition of the policies without a subselect has the same plans, and the functions the same results.
 *
 * Each policy is changed in a transaction of its own, whose lock all others wait for: it gives up after a
 * second behind a long transaction, and tries again.
 */
export class Migration0021DistributableCompatible extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await this.#replaceFunctions(UP);
    await this.#alterPolicies(IS_OWN);
  }

  override async down(): Promise<void> {
    await this.#alterPolicies(PREVIOUS_IS_OWN);
    await this.#replaceFunctions(DOWN);
  }

  async #replaceFunctions(statements: readonly string[]): Promise<void> {
    await this.driver.getConnection().transactional(async (transaction) => {
      for (const sql of systemStatements(statements, ['public', 'auth'])) {
        await this.driver.execute(sql, undefined, 'all', transaction);
      }
    });
  }

  async #alterPolicies(condition: string): Promise<void> {
    for (const table of TABLES) {
      await this.#withoutQueue(
        `alter policy ${table}_owner on ${table} using (${condition}) with check (${condition})`,
      );
    }
  }

  async #withoutQueue(sql: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.execute(`set local lock_timeout = '1s'; ${sql}`);
        return;
      } catch (error) {
        // 55P03 lock_not_available
        if (attempt === MAX_ATTEMPTS || !sqlStatesOf(error).includes('55P03')) throw error;
        await delay(PAUSE_MS);
      }
    }
  }
}
