import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'pg';
import { KeySource, RevokedSessions } from '../issuer/index.js';
import { ENV, type Env } from '../config/index.js';
import type { DatabaseUrls } from '../database/index.js';
import { measureStaleness } from '../metrics/index.js';
import { RateLimits } from '../rate-limit/index.js';
import { AccountErasure } from './account-erasure.js';
import { AccountPurge } from './account-purge.js';
import { type BetterAuth, createBetterAuth } from './better-auth.js';
import { EmbeddedKeys } from './embedded-keys.js';
import { openPool } from './identity-pool.js';
import { SessionEvents } from './session-events.js';
import { KeyRotation } from './key-rotation.js';
import { createMailer, Mailer } from './mailer.js';
import { mountBetterAuth } from './mount.js';
import { PasswordGuesses } from './password-guesses.js';
import { PasswordHashing } from './password-hashing.js';
import { SessionRevocations } from './session-revocations.js';
import { ensureSigningKey } from './ensure-signing-key.js';
import { SigningKeys, CLOCK_TOLERANCE_SECONDS } from './signing-keys.js';

const BETTER_AUTH = Symbol('BetterAuth');
const SESSION_URL = Symbol('SessionUrl');

const betterAuthProvider = (env: Env): Provider => ({
  provide: BETTER_AUTH,
  inject: [
    Pool,
    AccountErasure,
    PasswordGuesses,
    PasswordHashing,
    { token: Mailer, optional: true },
    { token: RateLimits, optional: true },
  ],
  useFactory: (
    pool: Pool,
    erasure: AccountErasure,
    guesses: PasswordGuesses,
    hashing: PasswordHashing,
    mailer?: Mailer,
    limits?: RateLimits,
  ) => createBetterAuth(env, { pool, erasure, guesses, hashing, mailer, limits }),
});

const keySource = (auth: BetterAuth, events: SessionEvents) => new EmbeddedKeys(auth, events);

/** Embedded issuer: Better Auth with a role, a schema and connections of its own. */
@Module({})
export class IdentityModule implements OnModuleInit, OnApplicationShutdown {
  /** @param rateLimits the module that exports `RateLimits`, unless rate limiting is off. */
  static register(env: Env, urls: DatabaseUrls, rateLimits: DynamicModule[]): DynamicModule {
    const retentionSeconds = env.tokenTtlSeconds + CLOCK_TOLERANCE_SECONDS;
    const { databaseLimits, KEY_ROTATION_DAYS: maxAgeDays } = env;
    return {
      module: IdentityModule,
      imports: rateLimits,
      providers: [
        { provide: SESSION_URL, useValue: urls.session },
        { provide: Pool, useFactory: () => openPool(urls.identity, databaseLimits) },
        { provide: Mailer, useFactory: () => createMailer(env) },
        betterAuthProvider(env),
        {
          provide: KeyRotation,
          inject: [Pool],
          useFactory: (pool: Pool) => new KeyRotation(new SigningKeys(pool, env), maxAgeDays),
        },
        { provide: KeySource, inject: [BETTER_AUTH, SessionEvents], useFactory: keySource },
        {
          provide: SessionEvents,
          inject: [Pool],
          useFactory: (pool: Pool) =>
            new SessionEvents(pool, urls.session, retentionSeconds, databaseLimits),
        },
        {
          provide: RevokedSessions,
          inject: [SessionEvents],
          useFactory: (events: SessionEvents) => new SessionRevocations(events, retentionSeconds),
        },
        AccountErasure,
        AccountPurge,
        PasswordGuesses,
        PasswordHashing,
      ],
      exports: [KeySource, RevokedSessions],
    };
  }

  constructor(
    @Inject(BETTER_AUTH) private readonly auth: BetterAuth,
    @Inject(ENV) private readonly env: Env,
    @Inject(SESSION_URL) private readonly sessionUrl: string,
    private readonly rotation: KeyRotation,
    private readonly pool: Pool,
    private readonly guesses: PasswordGuesses,
    private readonly events: SessionEvents,
    private readonly http: HttpAdapterHost,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureSigningKey(this.auth, this.sessionUrl, this.env.databaseLimits);
    await this.events.start();
    measureStaleness('sessions', () => this.events.staleness / 1_000);
    await this.rotation.rotateAtStart();
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    await mountBetterAuth(fastify, this.auth, this.guesses, this.env);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.events.stop();
    await this.pool.end();
  }
}
