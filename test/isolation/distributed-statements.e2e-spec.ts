import { describe, expect, it } from '@jest/globals';
import { faultsOf, storedStatements } from '../support/statement-faults.js';

const statements = storedStatements();

it.each([...statements.keys()])('a database distributed by owner takes %s', async (name) => {
  expect(await faultsOf(statements.get(name) ?? '')).toEqual([]);
});

it('all resources have statements', () => {
  const files = new Set([...statements.keys()].map((name) => name.replace(/:.*/, '')));
  expect([...files].sort()).toEqual(
    ['changes', 'feeds', 'idempotency-keys', 'lists', 'personal-tokens', 'tasks', 'usage'].map(
      (name) => `${name}.sql`,
    ),
  );
  expect(statements.size).toBeGreaterThan(100);
});

describe('a statement is reported for', () => {
  it.each([
    { fault: 'no owner_id = $1: task', sql: 'select * from task' },
    { fault: 'no owner_id = $1: task', sql: 'select * from task where owner_id = $2' },
    { fault: 'no owner_id = $1: task', sql: 'select * from task where owner_id <> $1' },
    { fault: 'no owner_id = $1: task', sql: 'update task set title = $2 where id = $3' },
    { fault: 'no owner_id = $1: usage', sql: 'delete from usage where slot = 1' },
    {
      fault: 'no owner_id = $1: later',
      sql: `select from change where owner_id = $1
        and not exists (select from change as later where later.id = change.id)`,
    },
    {
      fault: 'no owner_id = $1: list',
      sql: 'select from task join list on list.id = list_id where task.owner_id = $1',
    },
    {
      fault: 'an insert whose owner is not $1',
      sql: 'insert into list (owner_id, id) select $2, $1 on conflict do nothing',
    },
    {
      fault: 'an insert of a query that returns nothing',
      sql: 'insert into list (owner_id, id) select $1, $2',
    },
    {
      fault: 'a clock within an expression of an update',
      sql: 'update task set completed_at = coalesce(completed_at, now()) where owner_id = $1',
    },
    {
      fault: 'a clock within an expression of an update',
      sql: 'update task set updated_at = case when version > 1 then current_timestamp end where owner_id = $1',
    },
    {
      fault: 'a clock within an expression of an update',
      sql: `insert into list (owner_id, id) select $1, $2 on conflict (owner_id, id)
        do update set updated_at = coalesce(list.updated_at, clock_timestamp())`,
    },
    {
      fault: 'a constant as a condition of a write',
      sql: 'update task set version = version + 1 where owner_id = $1 and false',
    },
    {
      fault: 'a constant as a condition of a write',
      sql: 'delete from task where owner_id = $1 and true',
    },
    {
      fault: 'a parameter in the condition of a conflict',
      sql: `insert into list (owner_id, id) select $1, $2 on conflict (owner_id, id)
        do update set version = excluded.version where list.owner_id = $1`,
    },
    {
      fault: 'a cast of a column in an update',
      sql: `update task set due_at = (recurrence ->> 'at')::timestamptz where owner_id = $1`,
    },
    {
      fault: 'a function in what a write returns',
      sql: 'delete from task where owner_id = $1 returning task_bytes(title, description, tags)',
    },
    {
      fault: 'a recursion beside a write',
      sql: `with recursive below as (
          select id from task where owner_id = $1
          union select task.id from below join task on owner_id = $1 and parent_id = below.id
        ), changed as (delete from task where owner_id = $1 and id in (select id from below))
        select`,
    },
  ])('$fault', async ({ fault, sql }) => {
    expect(await faultsOf(sql)).toEqual([fault]);
  });

  it.each([
    'select now() from task where owner_id = $1 and task.id = $2',
    'update task set updated_at = now() where owner_id = $1',
    `update task set due_at = input.at from json_to_recordset($2) as input (id uuid, at timestamptz)
      where owner_id = $1 and task.id = input.id`,
    `with clock as (select coalesce(completed_at, now()) as at from task where owner_id = $1)
      update task set completed_at = clock.at from clock where owner_id = $1`,
    'insert into list (owner_id, id) select $1, $2 returning id',
    `insert into list (owner_id, id) select $1, $2 on conflict (owner_id, id)
      do update set archived = false where list.owner_id = excluded.owner_id`,
  ])('nothing: %s', async (sql) => {
    expect(await faultsOf(sql)).toEqual([]);
  });
});
