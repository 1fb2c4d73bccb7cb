import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cleanups } from './cleanups.ts';
import {
  copyDatabase,
  createDatabase,
  type Database,
  dropDatabase,
  makeLean,
  openServer,
  seed,
  withClient,
} from './database.ts';
import type { ExternalContext } from './external.ts';
import { startExternals } from './externals.ts';
import { BurstDriver, type LoadDriver } from './load.ts';
import { Service } from './processes.ts';
import { API, CONNECTIONS, type PeerName, type Subject, YARDSTICKS } from './scenarios.ts';
import {
  type DatabaseSide,
  type Identity,
  installPeers,
  newIdentity,
  type Peer,
  startBare,
  startOurs,
} from './sides.ts';
import { signUp, type User } from './user.ts';
import { Wrk } from './wrk.ts';

const OWN = 1_000;
const FOREIGN = 100_000;
const READ = 64;

/** Everything that a measurement needs. */
export interface Stand {
  readonly server: string;
  readonly folder: string;
  readonly bursts: BurstDriver;
  readonly drivers: readonly LoadDriver[];
  readonly identity: Identity;
  readonly ours: DatabaseSide;
  readonly bare: DatabaseSide;
  readonly peers: readonly Peer[];
  readonly reader: User;
  readonly subject: Subject;
}

/** Returns what the figures depend on most. */
export async function describeMachine({ server }: Stand): Promise<string> {
  const { rows } = await withClient(server, (client) =>
    client.query<{ version: string }>(`select current_setting('server_version') as version`),
  );
  const postgres = `PostgreSQL ${rows[0]?.version.split(' ')[0] ?? ''}`;
  return `${String(cpus().length)} cores, Node ${process.versions.node}, ${postgres}`;
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

/** Starts the drivers that are installed. */
function startDrivers(folder: string, cleanups: Cleanups, print: (line: string) => void) {
  const bursts = new BurstDriver();
  cleanups.add(() => bursts.stop());
  if (Wrk.isInstalled()) return { bursts, drivers: [bursts, new Wrk(folder)] };
  print('wrk is not installed (a package of Debian): its figures and external peers are left out.');
  return { bursts, drivers: [bursts] };
}

/** The databases of all sides that run on PostgreSQL, with the same rows. */
interface Databases {
  readonly original: Database;
  readonly bare: Database;
  readonly lean: Database;
  readonly copyOf: (from: Database, kind: PeerName) => Promise<Database>;
}

/**
 * Creates the users on our side, inserts the tasks, and copies the database: it can only be copied
 * while it is not in use.
 */
async function createDatabases(server: string, folder: string, cleanups: Cleanups) {
  const original = await createDatabase(server, 'ours');
  cleanups.add(() => dropDatabase(server, original));
  cleanups.add(() => Service.stopAll());
  const identity = await newIdentity();
  const first = await startOurs(original, folder, { identity });
  const reader = await signUp(first);
  const writer = await signUp(first);
  await first.service.stop();
  await seed(original.url, { owner: reader.id, own: OWN, foreign: FOREIGN });
  const copyOf = async (from: Database, kind: PeerName): Promise<Database> => {
    const copy = await copyDatabase(server, from, kind);
    cleanups.add(async () => {
      await Service.stopAll();
      await dropDatabase(server, copy);
    });
    return copy;
  };
  const bare = await copyOf(original, 'bare');
  const lean = await copyOf(bare, 'lean');
  await makeLean(lean);
  const databases: Databases = { original, bare, lean, copyOf };
  return { databases, identity, reader, writer };
}

/** Starts the peers that are named, and in any case the bare service, which gives upper bounds. */
async function startPeers(
  { bare, lean, copyOf }: Databases,
  context: Omit<ExternalContext, 'copyLean'>,
  names: ReadonlySet<PeerName>,
  print: (line: string) => void,
): Promise<{ readonly bare: DatabaseSide; readonly peers: readonly Peer[] }> {
  const { ours, folder, subject } = context;
  const copyLean = () => copyOf(lean, 'fastapi');
  const externals = await startExternals({ ...context, copyLean }, names, print);
  const side = await startBare('bare', bare, ours, folder);
  const peers: Peer[] = [];
  if (names.has('bare')) peers.push({ name: 'bare', side, subject, api: API });
  if (names.has('lean')) {
    const leanSide = await startBare('lean', lean, ours, folder);
    peers.push({ name: 'lean', side: leanSide, subject, api: API });
  }
  return { bare: side, peers: [...peers, ...externals] };
}

/** Starts our side and its peers, on one PostgreSQL where they use one. */
export async function setUp(
  cleanups: Cleanups,
  names: ReadonlySet<PeerName>,
  print: (line: string) => void,
): Promise<Stand> {
  installPeers();
  const folder = await mkdtemp(join(tmpdir(), 'taskward-bench-'));
  cleanups.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await openServer(join(folder, 'postgres'));
  cleanups.add(() => postgres.stop());
  const { url: server } = postgres;
  const created = await createDatabases(server, folder, cleanups);
  const { databases, identity, reader, writer } = created;
  const ours = await startOurs(databases.original, folder, { identity });
  const ids = await idsOf(databases.original, reader);
  const subject = {
    token: reader.token,
    writer: writer.token,
    ids: ids.slice(0, READ),
    changeable: ids.slice(READ),
  };
  const drivers = startDrivers(folder, cleanups, print);
  // Peers of other stacks are measured by wrk only.
  const started = drivers.drivers.length > 1 ? names : new Set(YARDSTICKS);
  const peers = await startPeers(databases, { ours, folder, subject }, started, print);
  return { server, folder, ...drivers, identity, ours, ...peers, reader, subject };
}
