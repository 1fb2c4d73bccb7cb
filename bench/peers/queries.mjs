import { v7 as uuidv7 } from 'uuid';
import { COLUMNS, endPosition, toColumns, toTask } from './rows.mjs';
import { plainQuery } from './search.mjs';

/** One row as JSON, put together as text: of `json_build_object` it would cost half as much again. */
const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const JSON_ROW = `'{"id":"' || id || '","title":' || to_json(title)
  || ',"description":' || coalesce(to_json(description)::text, 'null')
  || ',"completed":' || case when completed_at is null then 'false,"completedAt":null'
    else 'true,"completedAt":"' || to_char(completed_at, ${INSTANT}) || '"' end
  || ',"priority":"' || (array['none', 'low', 'medium', 'high'])[priority + 1]
  || '","due":' || coalesce('"' || coalesce(due_date::text, to_char(due_at, ${INSTANT})) || '"', 'null')
  || ',"tags":' || array_to_json(tags)
  || ',"listId":' || coalesce('"' || list_id || '"', 'null')
  || ',"parentId":' || coalesce('"' || parent_id || '"', 'null')
  || ',"recurrence":' || coalesce(recurrence::text, 'null')
  || ',"seriesId":' || coalesce('"' || series_id || '"', 'null')
  || ',"position":"' || position || '","createdAt":"' || to_char(created_at, ${INSTANT})
  || '","updatedAt":"' || to_char(updated_at, ${INSTANT}) || '","version":' || version || '}'`;

const FILTERS = {
  cursor: (n) => `(created_at, id) < ($${n}::timestamptz, $${n + 1}::uuid)`,
  plain: (n) => `terms @@ $${n}::tsquery`,
  terms: (n) => `terms @@ task_query($1, $${n}, $${n + 1})`,
  open: () => 'completed_at is null',
  done: () => 'completed_at is not null',
};

const PARAMETERS = { cursor: 2, plain: 1, terms: 2 };

/** A prepared statement a combination of filters; PostgreSQL plans each connection's once. */
const lists = new Map();

function listStatement(filters) {
  const name = `list_${filters.join('_')}`;
  const known = lists.get(name);
  if (known !== undefined) return known;
  // A search's terms are the owner's own: the index of terms alone finds them. With the owner as it
  // is, PostgreSQL would read all of the owner's index besides.
  const isSearch = filters.includes('plain') || filters.includes('terms');
  const conditions = [`owner_id ${isSearch ? "|| ''" : ''} = $1`, 'deleted_at is null'];
  let next = 3;
  for (const filter of filters) {
    conditions.push(FILTERS[filter](next));
    next += PARAMETERS[filter] ?? 0;
  }
  const text = `select ${COLUMNS} from task where ${conditions.join(' and ')}
    order by created_at desc, id desc limit $2`;
  const statement = { name, text };
  lists.set(name, statement);
  return statement;
}

/** Number of pages that are scanned before the index of terms is used. */
const PAGES = 10;

/** Newest first, as Taskward searches: where much is found, the beginning of the list fills the page. */
const NEWEST_FIRST = `
  with near as materialized (
    select ${COLUMNS} from (
      select ${COLUMNS}, terms from task where owner_id = $1 and deleted_at is null
      order by created_at desc, id desc limit $2 * ${PAGES}
    ) newest where terms @@ $3::tsquery order by created_at desc, id desc limit $2
  )
  select * from near where (select count(*) from near) = $2
  union all (
    select ${COLUMNS} from task
    where owner_id || '' = $1 and deleted_at is null and terms @@ $3::tsquery
      and (select count(*) from near) < $2
    order by created_at desc, id desc limit $2
  )`;

/** Quotas of a user, and the rows that count what is used of them. */
const QUOTA_TASKS = 1_000_000_000;
const QUOTA_BYTES = 200_000_000_000;
const SLOTS = `insert into usage (owner_id, slot)
  select $1, slot from generate_series(0, 15) as slot on conflict do nothing`;

/** Columns whose bytes count. */
const COUNTED = ['title', 'description', 'tags'];
const TYPES = { title: 'text', description: 'text', tags: 'text[]' };

/** Appends an entry for the row of `changed` to the log of its owner. */
const appendToLog = (type, changes = 'null') => `counter as (
      insert into change_counter as kept (owner_id, seq) select $1, 1 from changed
      on conflict (owner_id) do update set seq = kept.seq + excluded.seq
      returning seq
    ), logged as (
      insert into change (owner_id, seq, type, id, version, actor_type, changes)
      select $1, counter.seq, '${type}', changed.id, changed.version, 'session', (${changes})::json
        from changed, counter
    )`;

/** Columns of a change that the log keeps before and after it, and the JSON of them. */
const wereOf = (columns) => columns.map((column) => `${column} as was_${column}`).join(', ');
const changesOf = (columns) => {
  const members = columns.map(
    (column) => `case when was_${column} is distinct from changed.${column}
      then '"${column}":' || json_build_array(was_${column}::text, changed.${column}::text)::text end`,
  );
  return `'{' || concat_ws(',', ${members.join(', ')}) || '}'`;
};
const SHOWN = COLUMNS.split(', ').map((column) => `task.${column}`);

/** Updates a task, and appends the change to the log. */
function loggedUpdate(columns, setting, found) {
  return `with previous as (
      select id as was_id, ${wereOf(columns)} from task where ${found} for update
    ), changed as (
      update task set ${setting} from previous where owner_id = $1 and id = was_id
      returning ${SHOWN.join(', ')}, ${columns.map((column) => `was_${column}`).join(', ')}
    ), ${appendToLog('task.updated', changesOf(columns))}
    select ${COLUMNS} from changed`;
}

/** Updates a task, and counts the bytes that its text gains or loses. */
function countedUpdate(names, columns, setting, found) {
  const newText = COUNTED.map((column) =>
    names.includes(column) ? `$${names.indexOf(column) + 4}::${TYPES[column]}` : column,
  );
  return `with previous as (
      select id as was_id, ${wereOf(columns)},
             task_bytes(${newText.join(', ')}) - task_bytes(title, description, tags) as added
      from task where ${found} for update
    ), counted as (
      update usage set bytes = bytes + added from previous
       where owner_id = $1 and slot = $${names.length + 4} and added <> 0
         and (added < 0 or bytes + added <= ${QUOTA_BYTES})
      returning 1
    ), changed as (
      update task set ${setting} from previous
       where owner_id = $1 and id = was_id and (added = 0 or exists (select from counted))
      returning ${SHOWN.join(', ')}, ${columns.map((column) => `was_${column}`).join(', ')}
    ), ${appendToLog('task.updated', changesOf(columns))}
    select ${COLUMNS} from changed`;
}

const cursorOf = (last) => Buffer.from(`${last.createdAt} ${last.id}`).toString('base64url');
const positionOf = (cursor) => Buffer.from(cursor, 'base64url').toString().split(' ');
const tagsOf = (tags) => tags?.split(',').map((tag) => tag.trim()) ?? [];

/** The queries of the table, each one prepared statement with the owner as its first parameter. */
export class Queries {
  constructor(query) {
    this.query = query;
    this.slot = 0;
  }

  /** As Taskward: a user's writes take turns at the rows that count them. */
  #nextSlot() {
    this.slot = (this.slot % 15) + 1;
    return this.slot;
  }

  async list(owner, { limit, tags, q, completed, cursor }) {
    const filters = [];
    const values = [owner, limit + 1];
    if (cursor !== undefined) {
      filters.push('cursor');
      values.push(...positionOf(cursor));
    }
    if (tags !== undefined || q !== undefined) {
      const wanted = tagsOf(tags);
      const plain = plainQuery(owner, q ?? '', wanted);
      filters.push(plain === undefined ? 'terms' : 'plain');
      values.push(...(plain === undefined ? [q ?? '', wanted] : [plain]));
    }
    if (completed !== undefined) filters.push(completed ? 'done' : 'open');
    return this.#page(await this.query(listStatement(filters), values), limit);
  }

  #page({ rows }, limit) {
    const data = (rows.length > limit ? rows.slice(0, limit) : rows).map(toTask);
    return { data, nextCursor: rows.length > limit ? cursorOf(data[limit - 1]) : null };
  }

  /** The first page of a search, the newest first; for a limit line alone. */
  async search(owner, { limit, tags, q = '' }) {
    const values = [owner, limit + 1, plainQuery(owner, q, tagsOf(tags))];
    return this.#page(await this.query({ name: 'search', text: NEWEST_FIRST }, values), limit);
  }

  /** The first page, its JSON built by PostgreSQL; for a limit line alone. */
  async listJson(owner, { limit }) {
    const text = `select string_agg(${JSON_ROW}, ',') filter (where n <= $2),
        case when count(*) > $2 then
          max(case when n = $2 then to_char(created_at, ${INSTANT}) || ' ' || id end) end
      from (
        select *, row_number() over () as n from (
          select * from task where owner_id = $1 and deleted_at is null
          order by created_at desc, id desc limit $2 + 1
        ) found
      ) page`;
    const { rows } = await this.query({ name: 'list_json', text }, [owner, limit]);
    const [data, last] = rows[0];
    const nextCursor = last === null ? null : Buffer.from(last).toString('base64url');
    return {
      nextCursor,
      text: `{"data":[${data ?? ''}],"nextCursor":${JSON.stringify(nextCursor)}}`,
    };
  }

  async get(owner, id) {
    const text = `select ${COLUMNS} from task where owner_id = $1 and id = $2 and deleted_at is null`;
    const { rows } = await this.query({ name: 'get', text }, [owner, id]);
    return rows.length === 0 ? undefined : toTask(rows[0]);
  }

  async create(owner, body) {
    const { title, description, priority, due_date, due_at, tags } = toColumns(body);
    const text = `with counted as (
        update usage set tasks = tasks + 1, bytes = bytes + task_bytes($3::text, $4::text, $9::text[])
         where owner_id = $1 and slot = $10 and tasks + 1 <= ${QUOTA_TASKS}
           and bytes + task_bytes($3::text, $4::text, $9::text[]) <= ${QUOTA_BYTES}
        returning 1
      ), changed as (
      insert into task
        (owner_id, id, title, description, completed_at, priority, due_date, due_at, tags, position)
      select $1, $2, $3, $4, case when $5 then now() end, $6, $7, $8, $9, $11 from counted
      returning ${COLUMNS}
      ), ${appendToLog('task.created')}
      select ${COLUMNS} from changed`;
    const create = () =>
      this.query({ name: 'create', text }, [
        owner,
        uuidv7(),
        title,
        description,
        body.completed ?? false,
        priority ?? 0,
        due_date,
        due_at,
        tags ?? [],
        this.#nextSlot(),
        endPosition(),
      ]);
    let { rows } = await create();
    if (rows.length === 0) {
      await this.query({ name: 'slots', text: SLOTS }, [owner]);
      ({ rows } = await create());
    }
    return toTask(rows[0]);
  }

  /** The changed task; undefined when nothing changed, or no row has one of the versions. */
  async patch(owner, id, body, versions) {
    const columns = toColumns(body);
    const names = Object.keys(columns);
    const set = names.map((name, i) => `${name} = $${i + 4}`);
    const differs = names.map((name, i) => `${name} is distinct from $${i + 4}`);
    if (body.completed !== undefined) {
      const done = body.completed === true;
      set.push(`completed_at = ${done ? 'coalesce(completed_at, now())' : 'null'}`);
      differs.push(`(completed_at is not null) <> ${done}`);
    }
    if (set.length === 0) return undefined;
    const setting = `${set.join(', ')}, version = version + 1, updated_at = now()`;
    const found = `owner_id = $1 and id = $2 and deleted_at is null
      and ($3::int[] is null or version = any($3)) and (${differs.join(' or ')})`;
    const name = `patch_${names.join('_')}_${body.completed ?? ''}`;
    const values = [owner, id, versions, ...Object.values(columns)];
    const isCounted = names.some((column) => COUNTED.includes(column));
    const logged = body.completed === undefined ? names : [...names, 'completed_at'];
    const text = isCounted
      ? countedUpdate(names, logged, setting, found)
      : loggedUpdate(logged, setting, found);
    if (isCounted) values.push(this.#nextSlot());
    const { rows } = await this.query({ name, text }, values);
    return rows.length === 0 ? undefined : toTask(rows[0]);
  }
}
