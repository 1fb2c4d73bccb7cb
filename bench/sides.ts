import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, ROOT } from './database.ts';
import { freePort } from '../test/support/free-port.ts';
import { Service } from './processes.ts';
import type { Api, PeerName, Subject } from './scenarios.ts';

export const PEERS_FOLDER = join(import.meta.dirname, 'peers');

/** A running server. */
export interface Side {
  readonly name: string;
  readonly origin: string;
  readonly port: number;
  readonly service: Service;
  /** Its database on PostgreSQL. */
  readonly database?: Database;
}

/** A side of our own program, or of a peer on PostgreSQL. */
export interface DatabaseSide extends Side {
  readonly database: Database;
}

/** A service that ours is compared with, and the requests that it is sent. */
export interface Peer {
  readonly name: PeerName;
  readonly side: Side;
  readonly subject: Subject;
  readonly api: Api;
}

interface StartScript {
  readonly scripts: { readonly start: string };
}

/** Returns the arguments with which `npm start` calls Node. */
function startArguments(): string[] {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as StartScript;
  const [program, ...args] = scripts.start.split(/\s+/);
  if (program !== 'node') throw new Error(`npm start is no longer "node …": ${scripts.start}`);
  return args.map((arg) => (arg.startsWith('dist/') ? join(ROOT, arg) : arg));
}

/** Settings that make the tokens of one process valid for another. */
export interface Identity {
  readonly origin: string;
  readonly secret: string;
  readonly port: number;
}

export async function newIdentity(): Promise<Identity> {
  const port = await freePort();
  const secret = randomBytes(32).toString('base64url');
  return { origin: `http://localhost:${String(port)}`, secret, port };
}

export interface OursOptions {
  readonly identity: Identity;
  /** Differs from the port of the identity for a second process. */
  readonly port?: number;
  /** Flags in addition to those of `npm start`. */
  readonly flags?: readonly string[];
  /** Settings in addition to those of all processes. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Starts our side as `npm start` does in production. */
export async function startOurs(
  database: Database,
  folder: string,
  { identity, port = identity.port, flags = [], variables = {} }: OursOptions,
): Promise<DatabaseSide> {
  const origin = `http://localhost:${String(port)}`;
  const service = new Service([...flags, ...startArguments()], {
    cwd: folder,
    log: join(folder, 'ours.log'),
    variables: {
      NODE_ENV: 'production',
      PUBLIC_URL: identity.origin,
      PORT: String(port),
      DATABASE_URL: database.url,
      BETTER_AUTH_SECRET: identity.secret,
      AUTH_TOKEN_TTL: '1h',
      RATE_LIMIT: 'off',
      // A single user sends all requests here.
      MAX_CONCURRENT_PER_USER: '10',
      QUOTA_TASKS: '0',
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      ...variables,
    },
  });
  await service.ready(`${origin}/health/ready`);
  return { name: 'Taskward', origin, port, service, database };
}

/** Installs the peer's packages if they are missing. */
export function installPeers(): void {
  const installed = join(PEERS_FOLDER, 'node_modules/.package-lock.json');
  const lock = join(PEERS_FOLDER, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: PEERS_FOLDER,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci in bench/peers: ${stderr}`);
}

/** Starts the peer on a database, which accepts the tokens of our side. */
export async function startBare(
  name: string,
  database: Database,
  ours: Side,
  folder: string,
  limits: 'on' | 'off' = 'off',
): Promise<DatabaseSide> {
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const service = new Service([join(PEERS_FOLDER, 'bare.mjs')], {
    cwd: PEERS_FOLDER,
    log: join(folder, `${name}-${limits}.log`),
    variables: {
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: database.url,
      JWKS_URL: `${ours.origin}/api/auth/jwks`,
      ISSUER: ours.origin,
      LIMITS: limits,
    },
  });
  await service.ready(`${origin}/health/ready`);
  return { name, origin, port, service, database };
}
