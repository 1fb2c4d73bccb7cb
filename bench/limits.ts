import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { expectEqualLists } from './equal-responses.ts';
import { run, type Size } from './compare.ts';
import { median } from './median.ts';
import type { Limit } from './report.ts';
import { CONNECTIONS, FILTERED, LIST, request } from './scenarios.ts';
import { startBare } from './sides.ts';
import type { Stand } from './stand.ts';

const execute = promisify(execFile);
/** Same as the peer's pool. */
const CLIENTS = 10;
const ROWS = 21;

const COLUMNS =
  'id, title, description, completed_at, priority, due_date, due_at, tags, created_at, updated_at, version';

const listSql = (owner: string, limit: string) =>
  `select ${COLUMNS} from task where owner_id = ${owner} and deleted_at is null
   order by created_at desc, id desc limit ${limit}`;

/** Finds PostgreSQL's own benchmark, if it is installed. */
async function findPgbench(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const installed = versions.map((version) => join('/usr/lib/postgresql', version, 'bin/pgbench'));
  for (const path of ['pgbench', ...installed]) {
    const found = await execute(path, ['--version']).catch(() => undefined);
    if (found !== undefined) return path;
  }
  return undefined;
}

async function withPgbench(path: string, stand: Stand, { rounds, seconds }: Size): Promise<Limit> {
  const { bare, reader, folder } = stand;
  const script = join(folder, 'pgbench', 'list.sql');
  await mkdir(join(folder, 'pgbench'), { recursive: true });
  await writeFile(script, `${listSql(':owner', ':most').replace(/\s+/g, ' ')};\n`);
  const size = ['-c', String(CLIENTS), '-j', '1', '-T', String(Math.ceil(seconds))];
  const values = ['-D', `owner=${reader.id}`, '-D', `most=${String(ROWS)}`];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const args = ['-n', '-M', 'prepared', ...size, ...values, '-f', script, bare.database.url];
    const { stdout } = await execute(path, args);
    rates.push(Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]));
  }
  return { title: 'list of 20, the same SQL by `pgbench`, no service', perSecond: median(rates) };
}

/** Measures the same without pgbench, which costs more because rows are parsed. */
async function withPg({ bare, reader }: Stand, { rounds, seconds }: Size): Promise<Limit> {
  const pool = new Pool({ connectionString: bare.database.url, max: CLIENTS });
  const query = { name: 'list', text: listSql('$1', '$2'), values: [reader.id, ROWS] };
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const end = performance.now() + seconds * 1_000;
    let done = 0;
    const one = async () => {
      for (; performance.now() < end; done += 1) await pool.query(query);
    };
    await Promise.all(Array.from({ length: CLIENTS }, one));
    rates.push(done / seconds);
  }
  await pool.end();
  return {
    title: 'list of 20, the same SQL by `pg`, no service (no pgbench here)',
    perSecond: median(rates),
  };
}

/** Measures upper bounds. They are not goals. */
export async function measureLimits(stand: Stand, size: Size): Promise<Limit[]> {
  const { bare, subject } = stand;
  const other = await startBare('bare', bare.database, stand.ours, stand.folder, 'on');
  await expectEqualLists(bare, other, subject);
  const rateOf = async (path: string) => {
    const requests = [request('GET', path, subject.token)];
    const load = { connections: CONNECTIONS, requests, seconds: size.seconds };
    await run(stand, other, load);
    const rates: number[] = [];
    for (let round = 0; round < size.rounds; round += 1) {
      rates.push((await run(stand, other, load)).perSecond);
    }
    return median(rates);
  };
  const me = await rateOf('/api/v1/me');
  const [json, newest] = [await rateOf(LIST), await rateOf(FILTERED)];
  await other.service.stop();
  const path = await findPgbench();
  return [
    { title: 'bare, responses flushed once per tick: `/me`', perSecond: me },
    { title: 'the same, list of 20, its JSON built by PostgreSQL', perSecond: json },
    { title: 'the same, list by tag and text, the newest tasks scanned first', perSecond: newest },
    path === undefined ? await withPg(stand, size) : await withPgbench(path, stand, size),
  ];
}
