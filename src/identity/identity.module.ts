import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'pg';
import { KeySource } from '../common/key-source.js';
import type { Env } from '../config/env.js';
import { CONNECT_TIMEOUT, IDENTITY_ROLE, limitQueries, urlFor } from '../database/index.js';
import { RateLimits } from '../rate-limit/index.js';
import { type BetterAuth, createBetterAuth } from './better-auth.js';
import { mountBetterAuth } from './mount.js';
import { watchPool } from './outage-watch.js';
import { ensureSigningKey } from './signing-key.js';

const BETTER_AUTH = Symbol('BetterAuth');
const ORIGIN = Symbol('Origin');

function openPool(databaseUrl: string): Pool {
  const logger = new Logger('Identity');
  const pool = new Pool({
    connectionString: urlFor(databaseUrl, IDENTITY_ROLE, 'auth'),
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    max: 10,
  });
  // A connection that the server ends must not end the process, whether it is idle or in use.
  const warn = (error: Error) => {
    logger.warn(error.message);
  };
  pool.on('error', warn).on('connect', (client) => client.on('error', warn));
  limitQueries(pool);
  return watchPool(pool);
}

/** The embedded issuer: Better Auth on its own role, schema and connections. */
@Module({})
export class IdentityModule implements OnModuleInit, OnApplicationShutdown {
  /** @param limits the module that exports `RateLimits`, unless they are off. */
  static register(env: Env, databaseUrl: string, limits: DynamicModule[]): DynamicModule {
    return {
      module: IdentityModule,
      imports: limits,
      providers: [
        { provide: ORIGIN, useValue: env.origin },
        { provide: Pool, useFactory: () => openPool(databaseUrl) },
        {
          provide: BETTER_AUTH,
          inject: [Pool, { token: RateLimits, optional: true }],
          useFactory: (pool: Pool, limits?: RateLimits) => createBetterAuth(env, pool, limits),
        },
        {
          provide: KeySource,
          inject: [BETTER_AUTH],
          useFactory: (auth: BetterAuth): KeySource => ({ load: () => auth.api.getJwks() }),
        },
      ],
      exports: [KeySource],
    };
  }

  constructor(
    @Inject(BETTER_AUTH) private readonly auth: BetterAuth,
    @Inject(ORIGIN) private readonly origin: string,
    private readonly pool: Pool,
    private readonly http: HttpAdapterHost,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureSigningKey(this.auth, this.pool);
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    await mountBetterAuth(fastify, this.auth, this.origin);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
