import { randomUUID } from 'node:crypto';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { generateExportedKeyPair, type Jwk } from 'better-auth/plugins/jwt';
import type { Pool, PoolClient } from 'pg';
import type { Env } from '../config/index.js';
import { type Secrets, secretsOf } from './secrets.js';

/** Advisory lock held while a key is created: an arbitrary number that no other program uses. */
export const KEY_LOCK = '8385561482373132901';

/** The only key type that signs (RFC 8037). */
export const KEY_PAIR = { alg: 'EdDSA', crv: 'Ed25519' } as const;

/**
 * How long a new key is published before it signs: verifiers may cache a key set for ten minutes.
 */
const LEAD_SECONDS = 15 * 60;
/**
 * Allowance for clock skew at both ends of a token's lifetime, and for the time a response takes.
 */
export const CLOCK_TOLERANCE_SECONDS = 2 * 30 + 60;

/** The newest key, which may not be active yet. */
interface NewestKey {
  readonly id: string;
  readonly privateKey: string;
  /** Seconds since the key became active; negative before. */
  readonly age: number;
}

/** A new key that replaces the others. */
export interface Rotation {
  readonly kid: string;
  /** When the new key starts to sign, and the others stop. */
  readonly signsFrom: Date;
  /**
   * When the last token of the other keys has expired; undefined if they are refused at once, or
   * there were none.
   */
  readonly othersAcceptedUntil: Date | undefined;
}

/**
 * Decrypts a private key as Better Auth stores it; returns undefined if the secret does not match.
 */
async function decrypt(privateKey: string, secret: string): Promise<string | undefined> {
  try {
    return await symmetricDecrypt({ key: secret, data: JSON.parse(privateKey) as string });
  } catch {
    return undefined;
  }
}

async function encrypt(webKey: string, secret: string): Promise<string> {
  return JSON.stringify(await symmetricEncrypt({ key: secret, data: webKey }));
}

/**
 * Key pairs in `auth.jwks`. The newest one signs, from its `createdAt` on; before, it is only
 * published. A key stops signing at its `expiresAt`, and stays published until its last token has
 * expired. All times come from the database's clock.
 */
export class SigningKeys {
  /** How long a key stays published after its `expiresAt` (seconds). */
  readonly gracePeriod: number;
  readonly #secrets: Secrets;

  constructor(
    private readonly pool: Pool,
    env: Env,
  ) {
    this.gracePeriod = env.tokenTtlSeconds + CLOCK_TOLERANCE_SECONDS;
    this.#secrets = secretsOf(env);
  }

  /**
   * Returns all keys. Better Auth signs with the newest that has not expired, so a key that must
   * not sign yet is reported as the oldest. Private keys are encrypted with the current secret.
   */
  async list(): Promise<Jwk[]> {
    const { rows } = await this.pool.query<Jwk>(
      `select id, "publicKey", "privateKey", "expiresAt", alg, crv,
              case when "createdAt" > now() then to_timestamp(0) else "createdAt" end as "createdAt"
         from auth.jwks`,
    );
    return Promise.all(rows.map(async (row) => ({ ...row, ...(await this.#reencrypted(row)) })));
  }

  /** Stores a key that signs at once. */
  async add(key: Omit<Jwk, 'id' | 'createdAt'>): Promise<Jwk> {
    return insert(this.pool, key, 0);
  }

  /** Returns whether the current secret decrypts a stored private key. */
  async isCurrent({ privateKey }: Pick<Jwk, 'privateKey'>): Promise<boolean> {
    return (await decrypt(privateKey, this.#secrets.current)) !== undefined;
  }

  /**
   * Publishes a new key, which becomes active in 15 minutes, and deletes keys that are no longer
   * accepted. Of several simultaneous calls, one creates the key.
   *
   * @param isDue decides, given the newest key, whether to create another.
   * @returns undefined if none was due.
   */
  async rotate(
    isDue: (newest: NewestKey) => boolean | Promise<boolean>,
  ): Promise<Rotation | undefined> {
    return this.#withLock(async (client) => {
      await client.query(
        `delete from auth.jwks where "expiresAt" < now() - make_interval(secs => $1)`,
        [this.gracePeriod],
      );
      const { rows } = await client.query<NewestKey>(
        `select id, "privateKey",
                extract(epoch from clock_timestamp() - "createdAt")::float8 as age
           from auth.jwks order by "createdAt" desc limit 1`,
      );
      const [newest] = rows;
      if (newest !== undefined && !(await isDue(newest))) return undefined;
      const leadSeconds = newest === undefined ? 0 : LEAD_SECONDS;
      const { id: kid, createdAt: signsFrom } = await this.#create(client, leadSeconds);
      const others = await client.query(
        `update auth.jwks set "expiresAt" = least("expiresAt", $2) where id <> $1`,
        [kid, signsFrom],
      );
      const end = new Date(signsFrom.getTime() + this.gracePeriod * 1_000);
      return { kid, signsFrom, othersAcceptedUntil: others.rowCount === 0 ? undefined : end };
    });
  }

  /** Replaces a stolen key: a new one signs at once, and all others are refused. */
  async revoke(): Promise<Rotation> {
    return this.#withLock(async (client) => {
      const { id: kid, createdAt: signsFrom } = await this.#create(client, 0);
      await client.query('delete from auth.jwks where id <> $1', [kid]);
      return { kid, signsFrom, othersAcceptedUntil: undefined };
    });
  }

  async #create(client: PoolClient, leadSeconds: number): Promise<Jwk> {
    const pair = await generateExportedKeyPair({ jwks: { keyPairConfig: KEY_PAIR } });
    const privateKey = await encrypt(JSON.stringify(pair.privateWebKey), this.#secrets.current);
    const publicKey = JSON.stringify(pair.publicWebKey);
    return insert(client, { publicKey, privateKey, ...KEY_PAIR }, leadSeconds);
  }

  /**
   * Re-encrypts in memory only: instances without the current secret still need the stored form.
   */
  async #reencrypted({ privateKey }: Jwk): Promise<{ privateKey: string } | undefined> {
    const { current, previous } = this.#secrets;
    if (previous === undefined || (await this.isCurrent({ privateKey }))) return undefined;
    const webKey = await decrypt(privateKey, previous);
    return webKey === undefined ? undefined : { privateKey: await encrypt(webKey, current) };
  }

  /** Runs `work` in a transaction, on one instance at a time. */
  async #withLock<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
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
      // Closing the connection rolls back.
      client.release(failed);
    }
  }
}

async function insert(
  database: Pool | PoolClient,
  { publicKey, privateKey, alg, crv }: Omit<Jwk, 'id' | 'createdAt'>,
  leadSeconds: number,
): Promise<Jwk> {
  const { rows } = await database.query<Jwk>(
    `insert into auth.jwks (id, "publicKey", "privateKey", "createdAt", alg, crv)
     values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4), $5, $6)
     returning *`,
    [randomUUID(), publicKey, privateKey, leadSeconds, alg, crv],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('The key was not stored.');
  return row;
}
