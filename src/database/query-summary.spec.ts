import { describe, expect, it } from '@jest/globals';
import { summarize } from './query-summary.js';

describe('the summary of a statement', () => {
  it.each([
    {
      name: 'a select',
      text: 'select "id" from "task" where owner_id = $1',
      summary: 'SELECT task',
    },
    {
      name: 'an insert',
      text: 'insert into "auth"."user" ("id") values ($1)',
      summary: 'INSERT user',
    },
    { name: 'an update', text: 'update list set name = $2', summary: 'UPDATE list' },
    { name: 'a delete', text: 'DELETE FROM session', summary: 'DELETE session' },
    {
      name: 'a join',
      text: 'select * from task t join list l on true left join task o on true',
      summary: 'SELECT task, SELECT list',
    },
    {
      name: 'subqueries',
      text: 'with a as (select 1 from task), b as materialized (select 1 from a) select 1 from b',
      summary: 'SELECT task',
    },
    {
      name: 'writes below a select',
      text: `with changed as (update task set title = $2 returning id),
        logged as (insert into change (id) select id from changed) select * from changed`,
      summary: 'UPDATE task, INSERT change',
    },
    {
      name: 'what an insert does on a conflict',
      text: 'insert into change_counter (seq) values (1) on conflict (seq) do update set seq = 2',
      summary: 'INSERT change_counter',
    },
    {
      name: 'a lock',
      text: 'select slot from usage where owner_id = $1 order by slot for update',
      summary: 'SELECT usage',
    },
    {
      name: 'functions that return rows, and comparisons',
      text: 'select * from unnest($1::uuid[]) as ids where ids is distinct from other',
      summary: 'SELECT',
    },
    { name: 'the end of a transaction', text: 'commit', summary: 'COMMIT' },
  ])('names $name', ({ text, summary }) => {
    expect(summarize(text).summary).toBe(summary);
  });

  it('names operation and table where there is one alone', () => {
    expect(summarize('update list set name = $2')).toMatchObject({
      operation: 'UPDATE',
      table: 'list',
    });
    expect(summarize('select * from task join list on true')).toMatchObject({
      operation: undefined,
      table: undefined,
    });
  });

  it('has nothing of a literal', () => {
    const text = "select 'x from canary', 'it''s from canary' from task where a = 'join canary'";
    expect(summarize(text).summary).toBe('SELECT task');
  });
});
