import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BATCHES,
  BODIES,
  type Case,
  changeMany,
  deleteMany,
  MOST_WORDS,
  searches,
} from './bounds-cases.ts';
import { seedSearched } from './bounds-seed.ts';
import { cpuOf, cpuOfDatabase } from './cpu.ts';
import { createDatabase, dropDatabase, openServer } from './database.ts';
import { Service } from './processes.ts';
import { type DatabaseSide, newIdentity, startOurs } from './sides.ts';
import { Cleanups } from './cleanups.ts';
import { signUp, type User } from './user.ts';

const SEARCHES = 150;
const SHOWN_SEARCHES = 5;

interface Figure {
  readonly title: string;
  readonly status: number;
  readonly ms: number;
  /** Milliseconds of processor time of Node and PostgreSQL, in steps of ten. */
  readonly cpu: number;
  readonly body: unknown;
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function measure(
  side: DatabaseSide,
  user: User,
  { title, method, path, body }: Case,
): Promise<Figure> {
  const cpu = () => (cpuOf(side.service.pid) + cpuOfDatabase(side.database.name)) / 1_000;
  const [start, used] = [performance.now(), cpu()];
  const response = await fetch(`${side.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
  const responseBody: unknown = await response.json();
  const ms = performance.now() - start;
  return { title, status: response.status, ms, cpu: cpu() - used, body: responseBody };
}

/** Measures twice and returns the faster run: the first of a kind plans its statements. */
async function measureTwice(side: DatabaseSide, user: User, one: Case): Promise<Figure> {
  const first = await measure(side, user, one);
  const second = await measure(side, user, one);
  return first.ms < second.ms ? first : second;
}

function table(title: string, figures: readonly Figure[]): void {
  print(`\n| ${title} | status | ms | CPU ms |\n| --- | ---: | ---: | ---: |`);
  for (const figure of figures) {
    const { status, ms, cpu } = figure;
    print(`| ${figure.title} | ${String(status)} | ${ms.toFixed(0)} | ${cpu.toFixed(0)} |`);
  }
}

async function measureBatches(side: DatabaseSide, user: User): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const one of BATCHES) figures.push(await measureTwice(side, user, one));
  const ids: string[] = [];
  for (let i = 0; i < 2; i += 1) {
    const { body } = await measure(side, user, MOST_WORDS);
    const { results } = body as { results: { task: { id: string } }[] };
    ids.push(...results.map(({ task }) => task.id));
  }
  figures.push(await measure(side, user, changeMany(ids)));
  figures.push(await measure(side, user, deleteMany(ids)));
  return figures;
}

async function measureAll(side: DatabaseSide): Promise<void> {
  const [reader, writer] = [await signUp(side), await signUp(side)];
  const bodies: Figure[] = [];
  for (const one of BODIES) bodies.push(await measureTwice(side, writer, one));
  table('body', bodies);
  await seedSearched(side.database.url, reader.id);
  const found: Figure[] = [];
  for (const one of searches(SEARCHES)) found.push(await measureTwice(side, reader, one));
  const [reviewed, ...others] = found;
  const worst = others.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN_SEARCHES);
  table('search', [...(reviewed ? [reviewed] : []), ...worst]);
  table('batch', await measureBatches(side, writer));
}

/** Measures the largest batches, the worst searches and the worst bodies that are accepted. */
async function main(): Promise<void> {
  const cleanups = new Cleanups();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'taskward-bounds-'));
    cleanups.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const postgres = await openServer(join(folder, 'postgres'));
    cleanups.add(() => postgres.stop());
    const database = await createDatabase(postgres.url, 'bounds');
    cleanups.add(async () => {
      await Service.stopAll();
      await dropDatabase(postgres.url, database);
    });
    await measureAll(await startOurs(database, folder, { identity: await newIdentity() }));
  } finally {
    await cleanups.end();
  }
}

await main();
