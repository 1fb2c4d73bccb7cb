import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildOnce, type ExternalContext, runTool } from './external.ts';
import { freePort } from '../test/support/free-port.ts';
import { Service } from './processes.ts';
import { API, CONNECTIONS, type Api } from './scenarios.ts';
import { type Peer, PEERS_FOLDER } from './sides.ts';

const VERSION = '0.36.8';
const MODULE = `github.com/pocketbase/pocketbase/examples/base@v${VERSION}`;
const COLLECTION = '/api/collections/tasks/records';
const PASSWORD = 'correct horse battery';
const READ = 64;

/** The tasks that `seed` inserts into PostgreSQL, with ids of PocketBase's kind. */
const SEED = `
  insert into tasks (id, owner, title, description, completed, priority, due, tags, created, updated)
  with recursive numbered (n) as (select 0 union all select n + 1 from numbered where n < $all),
    tasks as (
      select n, n % $step = 0 and n / $step <= $own as mine, n / case when n % $step = 0 then $step
        else 1 end as number, strftime('%Y-%m-%d %H:%M:%S.000Z', '2026-01-01', (n * 7) || ' seconds') as at
      from numbered)
  select printf('task%011d', n), case when mine then $owner else 'other' || n % 100 end,
    'Task number ' || n, case when number % 3 = 0 then 'Something with milk and ' || n else '' end,
    false, '', case when number % 2 = 0 then '2026-12-24 00:00:00.000Z' else '' end,
    json_array('home', 't' || number % 7), at, at
  from tasks`;

const OWN = 1_000;
const ALL = 101_000;

interface Account {
  readonly id: string;
  readonly token: string;
}

async function post(origin: string, path: string, json: object): Promise<unknown> {
  const response = await fetch(`${origin}/api/collections/users/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });
  if (!response.ok) throw new Error(`PocketBase, ${path}: ${await response.text()}`);
  return response.json();
}

async function signUp(origin: string, name: string): Promise<Account> {
  const email = `${name}@example.com`;
  await post(origin, 'records', { email, password: PASSWORD, passwordConfirm: PASSWORD });
  const signedIn = await post(origin, 'auth-with-password', {
    identity: email,
    password: PASSWORD,
  });
  const { record, token } = signedIn as { record: { id: string }; token: string };
  return { id: record.id, token };
}

/** Inserts the tasks while PocketBase does not run; returns the ids of the first of the owner's. */
function seed(folder: string, owner: string): string[] {
  const database = new DatabaseSync(join(folder, 'data.db'));
  const step = Math.round(ALL / OWN);
  database.prepare(SEED).run({ $all: ALL, $step: step, $own: OWN, $owner: owner });
  database.exec('analyze');
  const found = database.prepare('select id from tasks where owner = ? order by created limit ?');
  const ids = found.all(owner, READ + CONNECTIONS).map(({ id }) => String(id));
  database.close();
  return ids;
}

const LIST = `${COLLECTION}?perPage=20&skipTotal=1&sort=-created`;
const FILTER = `tags ~ 'home' && (title ~ 'milk' || description ~ 'milk')`;

const apiOf = (writer: string): Api => ({
  me: '/api/collections/users/auth-refresh',
  tasks: COLLECTION,
  list: LIST,
  filtered: `${LIST}&filter=${encodeURIComponent(FILTER)}`,
  patchType: 'application/json',
  newTask: { ...API.newTask, owner: writer },
  hasEtags: false,
});

/** Starts PocketBase on its SQLite, with its rules and its own users' tokens. */
export async function startPocketbase({ folder: work }: ExternalContext): Promise<Peer> {
  const build = await buildOnce(`pocketbase-${VERSION}`, (target) =>
    runTool('go', ['install', MODULE], { GOBIN: target }),
  );
  const folder = join(work, 'pocketbase');
  await mkdir(folder);
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const start = async (): Promise<Service> => {
    const migrations = `--migrationsDir=${join(PEERS_FOLDER, 'pocketbase/migrations')}`;
    const options = [`--dir=${folder}`, migrations, '--automigrate=false', '--hooksWatch=false'];
    const service = new Service(['serve', `--http=127.0.0.1:${String(port)}`, ...options], {
      program: join(build, 'base'),
      cwd: folder,
      log: join(work, 'pocketbase.log'),
      variables: {},
    });
    await service.ready(`${origin}/api/health`);
    return service;
  };
  const first = await start();
  const reader = await signUp(origin, 'reader');
  const writer = await signUp(origin, 'writer');
  await first.stop();
  const ids = seed(folder, reader.id);
  const side = { name: 'pocketbase', origin, port, service: await start() };
  const subject = {
    token: reader.token,
    writer: writer.token,
    ids: ids.slice(0, READ),
    changeable: ids.slice(READ),
  };
  return { name: 'pocketbase', side, subject, api: apiOf(writer.id) };
}
