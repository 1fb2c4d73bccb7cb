/**
 * Writes the SQL of each repository to a file in docs/sql, so that a review shows changed statements;
 * with `--check` it compares. Fails if a method of a repository is not called here. Nothing is sent: the
 * runner returns one row for every statement.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MikroORM } from '@mikro-orm/postgresql';
import { format } from 'sql-formatter';
import { ownedMethods, recordCalls } from './owned-methods.ts';

type Drivers = typeof import('../src/database/scoped-driver.ts');
type Runners = typeof import('../src/database/scoped-query-runner.ts');
type Repositories = typeof import('../src/resource/scoped.repository.ts');
type Usages = typeof import('../src/resource/usage.entity.ts');
type Lists = typeof import('../src/lists/list.entity.ts');
type Tasks = typeof import('../src/tasks/task.entity.ts');
type Changes = typeof import('../src/changes/change.entity.ts');
type Keys = typeof import('../src/idempotency/idempotency-key.entity.ts');
type Tokens = typeof import('../src/tokens/personal-token.entity.ts');
type Feeds = typeof import('../src/feeds/feed.entity.ts');
type Queries = typeof import('../src/tasks/list-tasks.query.ts');
type Filters = typeof import('../src/tasks/task-filter.ts');
type Completions = typeof import('../src/tasks/completion.sql.ts');
type TaskRepositories = typeof import('../src/tasks/tasks.repository.ts');
type Environments = typeof import('../src/config/env.ts');
type TasksRepository = InstanceType<TaskRepositories['TasksRepository']>;
type ListsRepository = import('../src/lists/lists.repository.ts').ListsRepository;
type UsageRepository = import('../src/resource/usage.repository.ts').UsageRepository;
type ChangesRepository = import('../src/changes/changes.repository.ts').ChangesRepository;
type IdempotencyRepository =
  import('../src/idempotency/idempotency.repository.ts').IdempotencyRepository;
type PersonalTokensRepository =
  import('../src/tokens/personal-tokens.repository.ts').PersonalTokensRepository;
type FeedsRepository = import('../src/feeds/feeds.repository.ts').FeedsRepository;
type Owner = Parameters<TasksRepository['find']>[0];

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/sql');

const load = async <Module>(path: string) =>
  (await import(pathToFileURL(join(ROOT, 'dist', path)).href)) as Module;

const { scopedDriver } = await load<Drivers>('database/scoped-driver.js');
const { ScopedQueryRunner } = await load<Runners>('database/scoped-query-runner.js');
const { ScopedRepository } = await load<Repositories>('resource/scoped.repository.js');
const { Usage } = await load<Usages>('resource/usage.entity.js');
const { List } = await load<Lists>('lists/list.entity.js');
const { Task } = await load<Tasks>('tasks/task.entity.js');
const { COMPLETION } = await load<Completions>('tasks/completion.sql.js');
const { Change } = await load<Changes>('changes/change.entity.js');
const { IdempotencyKey } = await load<Keys>('idempotency/idempotency-key.entity.js');
const { PersonalToken } = await load<Tokens>('tokens/personal-token.entity.js');
const { Feed } = await load<Feeds>('feeds/feed.entity.js');
const { ListTasksQuery, SORTS } = await load<Queries>('tasks/list-tasks.query.js');
const { filterOf } = await load<Filters>('tasks/task-filter.js');
const { Env } = await load<Environments>('config/env.js');

const ID = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';
const owner = 'owner' as Owner;
const writer = { id: owner, actor: { type: 'session', name: null } } as const;

const send = () => Promise.resolve([[ID, ...Array<null>(20).fill(null)]]);
ScopedQueryRunner.prototype.run = send;
ScopedQueryRunner.prototype.write = send;
ScopedRepository.prototype.transaction = (_, work) => work();

/** Compiles the statements of a resource: of each method, and of the preconditions. */
async function compileTasks(tasks: TasksRepository): Promise<void> {
  const values = {
    title: '',
    description: null,
    priority: 0,
    dueDate: null,
    dueAt: null,
    tags: [],
    listId: null,
    parentId: null,
  };
  for (const location of ['list', 'trash', 'anywhere'] as const)
    await tasks.find(owner, ID, location);
  const row = { ...values, completedAt: null, position: '' };
  await tasks.insert(writer, [row]);
  await tasks.insert(writer, [row, row]);
  await tasks.update(writer, ID, { values: { title: '' } }, {});
  await tasks.update(writer, ID, { values: { priority: 1 } }, { ifMatch: [1] });
  await tasks.update(writer, ID, { values }, { ifNoneMatch: [1] });
  await tasks.update(writer, ID, { values: { priority: 1 } }, { ifNoneMatch: '*' });
  for (const derived of Object.values(COMPLETION))
    for (const scope of ['alone', 'any'] as const)
      await tasks.update(writer, ID, { values: {}, derived }, {}, scope);
  await tasks.trash(writer, ID, {});
  await tasks.restore(writer, ID, {});
  await tasks.remove(writer, ID, {});
  await tasks.history(owner, ID, { after: undefined, limit: 51 });
  await tasks.history(owner, ID, { after: '9', limit: 51 });
  await tasks.at(owner, ID, 1);
  await tasks.lock(owner, [ID]);
  await tasks.updateMany(writer, new Map([[ID, { ...values, completedAt: null }]]));
  for (const scope of ['alone', 'any'] as const) await tasks.trashMany(writer, [ID], scope);
  // For resources without filters of their own: `tasks` itself calls `page()`.
  const page = { location: 'list', limit: 21 } as const;
  const after = { value: '', id: ID };
  await tasks.pageBy(owner, 'createdAt', { ...page, descending: false, after: undefined });
  await tasks.pageBy(owner, 'createdAt', { ...page, descending: true, after });
}

/** Compiles the statements of tasks that belong together. */
async function compileTree(tasks: TasksRepository): Promise<void> {
  for (const move of ['trash', 'restore', 'remove'] as const)
    await tasks[move](writer, ID, {}, 'any');
  await tasks.lockOwner(owner);
  await tasks.findParent(owner, ID, ID);
  await tasks.hasList(owner, ID);
  await tasks.markParent(owner, ID);
  await tasks.changeBelow(writer, [ID], 'trash');
  await tasks.changeBelow(writer, [ID], 'restore');
  await tasks.moveBelow(writer, { id: ID, listId: ID }, null);
  await tasks.completeBelow(writer, ID);
  await tasks.removeBelow(writer, ID);
  await tasks.countSubtasks(owner, [ID]);
  const after = { value: '', id: ID };
  const beside = { descending: false, location: 'list', after, limit: 2 } as const;
  for (const where of [{ parentId: ID }, { parentId: null, listId: ID }])
    await tasks.pageBy(owner, 'position', { ...beside, where });
  await tasks.updateMany(writer, new Map([[ID, { position: '' }]]));
}

/** Compiles the statements of tasks that repeat. */
async function compileSeries(tasks: TasksRepository): Promise<void> {
  await tasks.findSeries(owner, [ID]);
  await tasks.setNext(owner, new Map([[ID, ID]]));
}

/** Compiles the statements of exports. */
async function compileExports(tasks: TasksRepository, lists: ListsRepository): Promise<void> {
  for (const scope of ['list', 'anywhere'] as const)
    await tasks.exportAfter(owner, ID, { scope, limit: 100 });
  await lists.exportAfter(owner, ID, 100);
}

/** Compiles the statements of the resource of lists. */
async function compileListResource(lists: ListsRepository): Promise<void> {
  for (const location of ['list', 'trash', 'anywhere'] as const)
    await lists.find(owner, ID, location);
  const values = { name: '', color: null, archived: false };
  await lists.insert(writer, [{ ...values, position: '' }]);
  await lists.update(writer, ID, { values }, { ifMatch: [1] });
  await lists.update(writer, ID, { values: { position: '' } }, {});
  for (const move of ['trash', 'restore', 'remove'] as const) await lists[move](writer, ID, {});
  for (const change of ['trash', 'keep', 'restore'] as const)
    await lists.changeTasks(writer, ID, change);
  await lists.removeTasks(writer, ID);
  await lists.history(owner, ID, { after: undefined, limit: 51 });
  await lists.history(owner, ID, { after: '9', limit: 51 });
  await lists.at(owner, ID, 1);
  await lists.countTasks(owner, [ID]);
  await lists.countBy(owner, 'list', { archived: false });
  const page = { descending: false, location: 'list', after: undefined, limit: 21 } as const;
  for (const property of ['position', 'nameKey', 'createdAt'] as const)
    await lists.pageBy(owner, property, { ...page, where: { archived: false } });
}

/** Compiles the statements of lists: each order, each filter by itself, and searches. */
async function compileLists(tasks: TasksRepository): Promise<void> {
  const all = filterOf(new ListTasksQuery());
  const request = { timeZone: 'UTC', limit: 21 };
  const day = { day: '2026-12-24', instant: '2026-12-24T00:00:00.000Z' };
  for (const sort of SORTS) {
    for (const value of sort.endsWith('due') ? [1, 0, '2026-12-24', null] : [0])
      await tasks.page(owner, all, { ...request, sort, after: { value, id: ID } });
    await tasks.page(owner, all, { ...request, sort, after: undefined });
  }
  const filters = [
    { trashed: true },
    { completed: true },
    { completed: false },
    { priorities: [1] },
    { priorities: [1, 2] },
    { lists: [ID] },
    { lists: [null] },
    { lists: [ID, ID, null] },
    { parents: [ID] },
    { parents: [null] },
    { hasDue: true },
    { hasDue: false },
    { dueBefore: day },
    { dueAfter: day },
    { words: 'milk' },
  ];
  const first = { ...request, after: undefined };
  for (const part of filters) {
    await tasks.page(owner, { ...all, ...part }, { ...first, sort: '-createdAt' });
    await tasks.count(owner, { ...all, ...part });
  }
  await tasks.page(owner, { ...all, words: 'milk' }, { ...first, sort: 'due' });
  await tasks.page(owner, { ...all, lists: [ID] }, { ...first, sort: 'position' });
  await tasks.page(owner, { ...all, parents: [ID] }, { ...first, sort: 'position' });
  await tasks.page(owner, all, { ...first, sort: 'title', limit: 201 });
  await tasks.count(owner, all);
}

async function compileUsage(usage: UsageRepository): Promise<void> {
  const results = [undefined, null];
  await usage.writeWithinQuota(owner, 1, () => Promise.resolve(results.shift()));
}

async function compileKeys(keys: IdempotencyRepository): Promise<void> {
  await keys.lock(owner, 'key');
  await keys.find(owner, 'key');
  await keys.store(owner, 'key', { status: 201, headers: {}, body: '', fingerprint: '' });
}

async function compileTokens(tokens: PersonalTokensRepository): Promise<void> {
  await tokens.insert(owner, { id: ID, hash: '', name: '', scopes: [], expiresAt: null });
  await tokens.list(owner);
  await tokens.findByHash(owner, '');
  await tokens.remove(owner, ID);
}

async function compileFeeds(feeds: FeedsRepository): Promise<void> {
  await feeds.insert(owner, { id: ID, hash: '', listId: null, kind: 'events' });
  await feeds.list(owner);
  await feeds.remove(owner, ID);
  await feeds.state(owner, ID);
  // The placeholder row has no tasks.
  ScopedQueryRunner.prototype.run = () => Promise.resolve([]);
  const page = { completedSince: new Date(0), afterId: ID, limit: 1 };
  for (const kind of ['events', 'todos'] as const)
    for (const listId of [null, ID]) await feeds.tasks(owner, { listId, kind }, page);
}

async function compileChanges(changes: ChangesRepository): Promise<void> {
  // The placeholder row has no numbers.
  ScopedQueryRunner.prototype.run = () => Promise.resolve([]);
  await changes.bounds(owner);
  await changes.after(owner, 0n, 50);
}

function textOf({ statements }: Pick<TasksRepository, 'statements'>): string {
  const parts = Array.from(statements, ([name, { sql }]) => {
    return `-- ${name}\n${format(sql, { language: 'postgresql' })};\n`;
  });
  return parts.sort().join('\n');
}

async function compileAll(called: Set<string>): Promise<Map<string, string>> {
  const { driver } = scopedDriver(new Env().databaseLimits, false);
  const orm = new MikroORM({
    driver,
    entities: [Usage, Task, List, IdempotencyKey, PersonalToken, Feed, Change],
    clientUrl: 'postgresql://localhost/none',
    allowGlobalContext: true,
  });
  type Entity =
    | typeof Task
    | typeof List
    | typeof Usage
    | typeof IdempotencyKey
    | typeof PersonalToken
    | typeof Feed
    | typeof Change;
  const recorded = (entity: Entity) =>
    recordCalls<object>(orm.em.getRepository<object>(entity), called);
  const tasks = recorded(Task) as TasksRepository;
  const lists = recorded(List) as ListsRepository;
  const usage = recorded(Usage) as UsageRepository;
  const keys = recorded(IdempotencyKey) as IdempotencyRepository;
  const tokens = recorded(PersonalToken) as PersonalTokensRepository;
  const feeds = recorded(Feed) as FeedsRepository;
  const changes = recorded(Change) as ChangesRepository;
  await compileTasks(tasks);
  await compileTree(tasks);
  await compileSeries(tasks);
  await compileExports(tasks, lists);
  await compileLists(tasks);
  await compileListResource(lists);
  await compileUsage(usage);
  await compileKeys(keys);
  await compileTokens(tokens);
  await compileFeeds(feeds);
  await compileChanges(changes);
  const repositories = {
    tasks,
    lists,
    usage,
    'idempotency-keys': keys,
    'personal-tokens': tokens,
    feeds,
    changes,
  };
  return new Map(
    Object.entries(repositories).map(([name, repository]) => [`${name}.sql`, textOf(repository)]),
  );
}

const called = new Set<string>();
const files = await compileAll(called);
const missing = ownedMethods(ROOT).filter((method) => !called.has(method));
if (missing.length > 0) {
  process.stderr.write(`docs/sql lacks ${missing.join(', ')}: call it in scripts/sql.ts.\n`);
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  const stored = readdirSync(FOLDER);
  const names = new Set([...stored, ...files.keys()]);
  const stale = [...names].filter((name) => {
    return !stored.includes(name) || readFileSync(join(FOLDER, name), 'utf8') !== files.get(name);
  });
  if (stale.length > 0) {
    process.stderr.write(
      `docs/sql is not what the code sends: ${stale.join(', ')}. Run npm run sql.\n`,
    );
    process.exitCode = 1;
  }
} else {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(FOLDER, name), text);
}
