import { randomUUID } from 'node:crypto';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { generateExportedKeyPair, type Jwk } from 'better-auth/plugins/jwt';
import type { Pool, PoolClient } from 'pg';
import type { Env } from '../config/index.js';
import { type Secrets, secretsOf } from './secrets.js';

/** Any number that no other program locks: whoever makes keys holds it. */
export const KEY_LOCK = '8385561482373132901';

/** The one kind of key that signs (RFC 8037). */
export const KEY_PAIR = { alg: 'EdDSA', crv: 'Ed25519' } as const;

/** Seconds that a new key is published before it signs: verifiers may keep a key set for ten minutes. */
const LEAD = 15 * 60;
/** Seconds that clocks may be apart, at either end of a token's life, and that an answer may take. */
export const SLACK = 2 * 30 + 60;

/** The newest key, which may not sign yet. */
interface Newest {
  readonly id: string;
  readonly privateKey: string;
  /** Seconds since it began to sign; negative before. */
  readonly age: number;
}

/** A key that takes the place of the others. */
export interface Rotation {
  readonly kid: string;
  /** When it begins to sign, and the others no longer do. */
  readonly signsFrom: Date;
  /** When the last token of the others has expired; undefined: at once, or there was none. */
  readonly othersAcceptedUntil: Date | undefined;
}

/** What is encrypted, as Better Auth stores it; undefined when this secret does not open it. */
async function open(privateKey: string, secret: string): Promise<string | undefined> {
  try {
    return await symmetricDecrypt({ key: secret, data: JSON.parse(privateKey) as string });
  } catch {
    return undefined;
  }
}

async function seal(webKey: string, secret: string): Promise<string> {
  return JSON.stringify(await symmetricEncrypt({ key: secret, data: webKey }));
}

/**
 * The key pairs in `auth.jwks`. The newest signs, from its `createdAt` on: until then it is only
 * published. From its `expiresAt` on a key does not sign any more; it stays published until its last
 * token has expired. All of it by the clock of the database.
 */
export class SigningKeys {
  /** Seconds that a key is published after its `expiresAt`. */
  readonly gracePeriod: number;
  readonly #secrets: Secrets;

  constructor(
    private readonly pool: Pool,
    env: Env,
  ) {
    this.gracePeriod = env.tokenTtl + SLACK;
    this.#secrets = secretsOf(env);
  }

  /**
   * All keys, as Better Auth wants them: it signs with the newest that has not expired, so one that
   * must not sign yet is shown as the oldest. Private keys are encrypted with the current secret.
   */
  async all(): Promise<Jwk[]> {
    const { rows } = await this.pool.query<Jwk>(
      `select id, "publicKey", "privateKey", "expiresAt", alg, crv,
              case when "createdAt" > now() then to_timestamp(0) else "createdAt" end as "createdAt"
         from auth.jwks`,
    );
    return Promise.all(rows.map(async (row) => ({ ...row, ...(await this.#resealed(row)) })));
  }

  /** Stores a key that signs at once. */
  async add(key: Omit<Jwk, 'id' | 'createdAt'>): Promise<Jwk> {
    return insert(this.pool, key, 0);
  }

  /** Whether the current secret opens a private key as the database holds it. */
  async isCurrent({ privateKey }: Pick<Jwk, 'privateKey'>): Promise<boolean> {
    return (await open(privateKey, this.#secrets.current)) !== undefined;
  }

  /**
   * Publishes a new key, which takes over in a quarter of an hour, and removes those that are no
   * longer accepted. Of several that ask at the same time one makes the key.
   *
   * @param isDue told of the newest key, says whether another is to follow it.
   * @returns undefined when none was due.
   */
  async rotate(
    isDue: (newest: Newest) => boolean | Promise<boolean>,
  ): Promise<Rotation | undefined> {
    return this.#locked(async (client) => {
      await client.query(
        `delete from auth.jwks where "expiresAt" < now() - make_interval(secs => $1)`,
        [this.gracePeriod],
      );
      const { rows } = await client.query<Newest>(
        `select id, "privateKey",
                extract(epoch from clock_timestamp() - "createdAt")::float8 as age
           from auth.jwks order by "createdAt" desc limit 1`,
      );
      const [newest] = rows;
      if (newest !== undefined && !(await isDue(newest))) return undefined;
      const lead = newest === undefined ? 0 : LEAD;
      const { id: kid, createdAt: signsFrom } = await this.#make(client, lead);
      const others = await client.query(
        `update auth.jwks set "expiresAt" = least("expiresAt", $2) where id <> $1`,
        [kid, signsFrom],
      );
      const end = new Date(signsFrom.getTime() + this.gracePeriod * 1_000);
      return { kid, signsFrom, othersAcceptedUntil: others.rowCount === 0 ? undefined : end };
    });
  }

  /** For a key that was stolen: a new one signs at once, and no other is accepted any more. */
  async revoke(): Promise<Rotation> {
    return this.#locked(async (client) => {
      const { id: kid, createdAt: signsFrom } = await this.#make(client, 0);
      await client.query('delete from auth.jwks where id <> $1', [kid]);
      return { kid, signsFrom, othersAcceptedUntil: undefined };
    });
  }

  async #make(client: PoolClient, lead: number): Promise<Jwk> {
    const pair = await generateExportedKeyPair({ jwks: { keyPairConfig: KEY_PAIR } });
    const privateKey = await seal(JSON.stringify(pair.privateWebKey), this.#secrets.current);
    const publicKey = JSON.stringify(pair.publicWebKey);
    return insert(client, { publicKey, privateKey, ...KEY_PAIR }, lead);
  }

  /** In memory alone: instances that do not know the current secret still need the old form. */
  async #resealed({ privateKey }: Jwk): Promise<{ privateKey: string } | undefined> {
    const { current, previous } = this.#secrets;
    if (previous === undefined || (await this.isCurrent({ privateKey }))) return undefined;
    const webKey = await open(privateKey, previous);
    return webKey === undefined ? undefined : { privateKey: await seal(webKey, current) };
  }

  /** Runs `work` in a transaction, one at a time of all instances. */
  async #locked<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failed = true;
    try {
      await client.query('begin');
      await client.query(`select pg_advisory_xact_lock(${KEY_LOCK})`);
      const result = await work(client);
      await client.query('commit');
      failed = false;
      return result;
    } finally {
      // Closed, a connection rolls back.
      client.release(failed);
    }
  }
}

async function insert(
  database: Pool | PoolClient,
  { publicKey, privateKey, alg, crv }: Omit<Jwk, 'id' | 'createdAt'>,
  lead: number,
): Promise<Jwk> {
  const { rows } = await database.query<Jwk>(
    `insert into auth.jwks (id, "publicKey", "privateKey", "createdAt", alg, crv)
     values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4), $5, $6)
     returning *`,
    [randomUUID(), publicKey, privateKey, lead, alg, crv],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('The key was not stored.');
  return row;
}
