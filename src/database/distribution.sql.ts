import { API_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from './connection.js';
import { FOREIGN_KEYS } from './migrations/0015-lists.js';
import { ACT_FOR } from './migrations/0021-distributable.sql.js';
import { systemStatements } from './migrations/as-system.js';
import { OWNED_BY_CURRENT_USER } from './row-level-security.js';

/** Tables of users' rows, those that others refer to first. */
export const DISTRIBUTED_TABLES = [
  'list',
  'task',
  'usage',
  'change',
  'change_counter',
  'idempotency_key',
];

/**
 * The user of a policy on a server that has rows. An instance that does not know that rows are distributed
 * sets none there: it has an error, where a comparison with nobody would give an empty list.
 */
const CURRENT_OWNER = `
  create or replace function public.current_owner() returns text
    language plpgsql stable parallel safe set search_path = ${SAFE_SEARCH_PATH}
    as $$
    declare
      owner text := nullif(current_setting('app.user_id', true), '');
    begin
      if owner is null then
        raise exception 'no user is set on this server' using
          errcode = 'object_not_in_prerequisite_state',
          hint = 'Restart the instance: rows are distributed since it started.';
      end if;
      return owner;
    end $$`;

/** Sets the user on every server of the transaction. */
const ACT_EVERYWHERE = `
  create or replace function public.act_for(owner text) returns void
    language plpgsql set search_path = ${SAFE_SEARCH_PATH}
    as $$
    begin
      perform set_config('citus.propagate_set_commands', 'local', true);
      execute format('set local app.user_id = %L', owner);
    end $$`;

const ofEach = (statement: (table: string) => string) => DISTRIBUTED_TABLES.map(statement);

/**
 * Policies of the API's role, whose requests always have a user. The functions of the system's role act for
 * a user or for nobody, as before.
 */
const POLICIES = [
  ...ofEach(
    (table) => `alter policy ${table}_owner on ${table} to ${API_ROLE}
      using (owner_id = public.current_owner()) with check (owner_id = public.current_owner())`,
  ),
  ...ofEach(
    (table) => `create policy ${table}_acting on ${table} to ${SYSTEM_ROLE}
      using (${OWNED_BY_CURRENT_USER}) with check (${OWNED_BY_CURRENT_USER})`,
  ),
];

const PREVIOUS_POLICIES = [
  ...ofEach(
    (table) => `alter policy ${table}_owner on ${table} to public
      using (${OWNED_BY_CURRENT_USER}) with check (${OWNED_BY_CURRENT_USER})`,
  ),
  ...ofEach((table) => `drop policy ${table}_acting on ${table}`),
];

const forced = (force: 'force' | 'no force') =>
  ofEach((table) => `alter table ${table} ${force} row level security`);

const listKey = (foreignKey: string) =>
  `alter table task drop constraint task_list_fkey, add constraint task_list_fkey ${foreignKey}`;

/** Tables are locked in one order, before anything else is. */
export const LOCK = `lock table ${DISTRIBUTED_TABLES.join(', ')} in access exclusive mode`;

/** Statements before, while and after rows are moved. */
export interface Move {
  /** Ends with rows that their tables' owner can copy, to whom policies apply if they are forced. */
  readonly before: readonly string[];
  readonly rows: readonly string[];
  readonly after: readonly string[];
}

/** Functions of ours that statements call on the server that has the rows. */
const DISTRIBUTE_FUNCTIONS = `
  select create_distributed_function(pg_proc.oid::regprocedure) from pg_proc
   where pronamespace = 'public'::regnamespace and proowner = current_user::regrole
     and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')`;

/** Distributes the tables, all rows of a user to one server. */
export function distribute(shards: number): Move {
  const [first = '', ...others] = DISTRIBUTED_TABLES;
  return {
    before: [
      CURRENT_OWNER,
      ...systemStatements([
        ACT_EVERYWHERE,
        `grant execute on function public.act_for(text) to ${API_ROLE}`,
      ]),
      // A list is removed after its tasks have left it: what the key does then is never needed.
      listKey('foreign key (owner_id, list_id) references list (owner_id, id)'),
      ...POLICIES,
      ...forced('no force'),
    ],
    rows: [
      DISTRIBUTE_FUNCTIONS,
      `select create_distributed_table('public.${first}', 'owner_id',
         shard_count => ${String(shards)}, colocate_with => 'none')`,
      ...others.map(
        (table) =>
          `select create_distributed_table('public.${table}', 'owner_id', colocate_with => 'public.${first}')`,
      ),
    ],
    after: [
      ...ofEach(
        (table) => `select truncate_local_data_after_distributing_table('public.${table}')`,
      ),
      ...forced('force'),
    ],
  };
}

/** Brings the rows back; tables with foreign keys come together. */
export const UNDISTRIBUTE: Move = {
  before: forced('no force'),
  rows: [
    `select undistribute_table('public.task', cascade_via_foreign_keys => true)`,
    ...DISTRIBUTED_TABLES.filter((table) => !['list', 'task'].includes(table)).map(
      (table) => `select undistribute_table('public.${table}')`,
    ),
  ],
  after: [
    listKey(FOREIGN_KEYS.task_list_fkey),
    ...PREVIOUS_POLICIES,
    ...forced('force'),
    ...systemStatements([
      ACT_FOR.replace('create function', 'create or replace function'),
      `revoke execute on function public.act_for(text) from ${API_ROLE}`,
    ]),
    'drop function public.current_owner()',
  ],
};
