import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  copyDatabase,
  createDatabase,
  type Database,
  dropDatabase,
  openServer,
  seed,
  withClient,
} from './database.ts';
import { Driver } from './load.ts';
import { Service } from './processes.ts';
import { CONNECTIONS, type Subject } from './scenarios.ts';
import {
  type Identity,
  installPeers,
  newIdentity,
  type Side,
  startBare,
  startOurs,
} from './sides.ts';
import { signUp, type User } from './user.ts';

const OWN = 1_000;
const FOREIGN = 100_000;
const READ = 64;

/** Everything that a measurement needs. */
export interface Stand {
  readonly server: string;
  readonly folder: string;
  readonly driver: Driver;
  readonly identity: Identity;
  readonly ours: Side;
  readonly bare: Side;
  readonly reader: User;
  readonly subject: Subject;
}

type Cleanup = () => Promise<void> | void;

/** Cleanup functions, run in reverse order even if some fail. */
export class Cleanups {
  readonly #all: Cleanup[] = [];
  #ended: Promise<void> | undefined;

  add(cleanup: Cleanup): void {
    this.#all.push(cleanup);
  }

  /** May be called repeatedly. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    for (const cleanup of this.#all.toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        process.stderr.write(`${String(error)}\n`);
      }
    }
  }
}

async function idsOf({ url }: Database, { id }: User): Promise<string[]> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ id: string }>(
      'select id from task where owner_id = $1 order by created_at limit $2',
      [id, READ + CONNECTIONS],
    ),
  );
  return rows.map((row) => row.id);
}

/** Starts both sides on one PostgreSQL with the same rows. */
export async function setUp(cleanups: Cleanups): Promise<Stand> {
  installPeers();
  const folder = await mkdtemp(join(tmpdir(), 'taskward-bench-'));
  cleanups.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await openServer(join(folder, 'postgres'));
  cleanups.add(() => postgres.stop());
  const { url: server } = postgres;
  const original = await createDatabase(server, 'ours');
  cleanups.add(() => dropDatabase(server, original));
  cleanups.add(() => Service.stopAll());
  const identity = await newIdentity();

  // A database can only be copied while it is not in use: first the users, then the rows, then both
  // sides.
  const first = await startOurs(original, folder, { identity });
  const reader = await signUp(first);
  const writer = await signUp(first);
  await first.service.stop();
  await seed(original.url, { owner: reader.id, own: OWN, foreign: FOREIGN });
  const copy = await copyDatabase(server, original);
  cleanups.add(async () => {
    await Service.stopAll();
    await dropDatabase(server, copy);
  });
  const ours = await startOurs(original, folder, { identity });
  const bare = await startBare(copy, ours, folder);
  const driver = new Driver();
  cleanups.add(() => driver.stop());
  const ids = await idsOf(original, reader);
  const subject = {
    token: reader.token,
    writer: writer.token,
    ids: ids.slice(0, READ),
    changeable: ids.slice(READ),
  };
  return { server, folder, driver, identity, ours, bare, reader, subject };
}
