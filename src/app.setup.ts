import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { setUpDocs } from './app.docs.js';
import { Authenticator } from './auth/index.js';
import {
  flushResponsesPerTick,
  respondToClientError,
  commonHeaders,
  compressLarge,
  closeStalledReaders,
  detachHandlers,
  observeResponses,
  parseQuery,
  plainUrl,
  ProblemFilter,
  problemOf,
  rejectMalformed,
  registerBodyParsers,
  requestIdOf,
  RouteTable,
  sendProblem,
  SERVER_OPTIONS,
  setOrigins,
  setUpCors,
  traceRequests,
  trustedProxies,
} from './http/index.js';
import { createLogger, NestLogger } from './common/index.js';
import { serveMetrics } from './metrics/index.js';
import { ProblemValidationPipe } from './validation/index.js';
import { reservePort, resolveEnv, type Env } from './config/index.js';
import { type Database, openDatabase } from './database/index.js';
import { startTracing } from './tracing/index.js';
import { routeByKey } from './idempotency/index.js';
import { serveWeb, WEB_ROOT } from './web/index.js';
import { limitRequests, queueLargeBodies, RateLimits } from './rate-limit/index.js';

/** Milliseconds that a connection is kept between two requests. */
const KEEP_ALIVE_MS = 30_000;

/** A Taskward that is not listening yet. */
export interface Taskward {
  readonly env: Env;
  readonly nest: NestFastifyApplication;
  /** Starts to listen on the address of `env`. */
  readonly listen: () => Promise<void>;
  /** Ends requests, connections and, last, the embedded PostgreSQL. */
  readonly close: () => Promise<void>;
}

function createAdapter(env: Env, logger: Logger): FastifyAdapter {
  const origins = { publicOrigin: env.origin, trustedOrigins: env.TRUSTED_ORIGINS };
  const adapter = new FastifyAdapter({
    trustProxy: env.TRUST_PROXY.length > 0 && trustedProxies(env.TRUST_PROXY),
    bodyLimit: env.maxBodyBytes,
    requestTimeout: env.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Requests that arrive on open connections during shutdown are still served; Fastify's own 503
    // is not a problem document, and would affect /health/live too.
    return503OnClosing: false,
    genReqId: requestIdOf,
    clientErrorHandler: (error, socket) => {
      const log = (details: object) => {
        logger.info(details, 'request not read');
      };
      respondToClientError(error, socket, { log, ...origins });
    },
    // If the two times differ, Node uses the shorter one for the headers and the longer one for the
    // whole request.
    http: {
      ...SERVER_OPTIONS,
      maxHeaderSize: env.maxHeaderBytes,
      headersTimeout: env.requestTimeoutMs,
      requestTimeout: env.requestTimeoutMs,
    },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(request, reply, problemOf(error));
    },
    rewriteUrl: ({ url = '/' }) => plainUrl(url),
    routerOptions: { maxParamLength: 512, querystringParser: parseQuery },
  });
  setOrigins(adapter.getInstance(), origins);
  closeStalledReaders(adapter.getInstance().server);
  return adapter;
}

/** Adds the common headers to every response, and logs every request. */
function addHooks(fastify: FastifyInstance, logger: Logger, problems: ProblemFilter): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(commonHeaders(request));
    done();
  });
  observeResponses(fastify, logger);
  flushResponsesPerTick(fastify, problems);
}

async function createNest(env: Env, database: Database, logger: Logger, webRoot: string) {
  const adapter = createAdapter(env, logger);
  const fastify = adapter.getInstance();
  const problems = new ProblemFilter(new RouteTable(fastify), logger);
  // Nest hands its filters to Fastify after the routes have taken Fastify's own handler.
  fastify.addHook('onRoute', (route) => {
    route.errorHandler ??= (error, request, reply) => {
      problems.respond(error, request, reply);
    };
  });
  detachHandlers(fastify);
  traceRequests(fastify);
  routeByKey(fastify);
  const nest = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(env, database),
    adapter,
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  registerBodyParsers(fastify, env.maxBodyBytes);
  addHooks(fastify, logger, problems);
  rejectMalformed(fastify);
  nest.useGlobalPipes(new ProblemValidationPipe());
  nest.useGlobalFilters(problems);
  setUpCors(fastify, problems);
  const callers = nest.get(Authenticator);
  if (env.RATE_LIMIT === 'on') limitRequests(fastify, env, nest.get(RateLimits), callers);
  queueLargeBodies(fastify, callers);
  await compressLarge(fastify);
  setUpDocs(nest, env);
  serveMetrics(fastify, env);
  await serveWeb(fastify, { root: webRoot, log: (line) => logger.info(line) });
  try {
    await nest.init();
  } catch (error) {
    await nest.close();
    throw error;
  }
  return nest;
}

async function openTaskward(
  env: Env,
  logger: Logger,
  webRoot: string,
): Promise<Pick<Taskward, 'nest' | 'close'>> {
  const database = await openDatabase({
    url: env.DATABASE_URL,
    apiUrl: env.DATABASE_API_URL,
    identityUrl: env.DATABASE_IDENTITY_URL,
    hasIdentity: env.AUTH_MODE === 'embedded',
    dataDir: env.DATA_DIR,
    limits: env.databaseLimits,
    log: (line) => {
      logger.debug(line);
    },
    warn: (line) => {
      logger.warn(line);
    },
  });
  try {
    const nest = await createNest(env, database, logger, webRoot);
    const close = async () => {
      await nest.close();
      await database.stop();
    };
    return { nest, close };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Opens the program with tracing, which starts first and ends last. */
async function traceTaskward(env: Env, warnings: readonly string[], webRoot: string) {
  const logger = createLogger(env);
  for (const line of warnings) logger.warn(line);
  const stopTracing = await startTracing(env, (line) => {
    logger.warn(line);
  });
  try {
    const { nest, close } = await openTaskward(env, logger, webRoot);
    return { nest, close: () => close().finally(stopTracing) };
  } catch (error) {
    await stopTracing();
    throw error;
  }
}

/**
 * Puts the program together: tracing, database, modules, limits, hooks, docs. `main.ts` and the tests
 * start the very same thing.
 *
 * @param webRoot directory of the built web client
 * @throws MigrationError, DataDirInUseError, …; nothing is left running then.
 */
export async function createTaskward(
  settings: Env,
  warnings: readonly string[] = [],
  webRoot: string = WEB_ROOT,
): Promise<Taskward> {
  const port = await reservePort(settings);
  try {
    const env = await resolveEnv(settings.with({ PORT: port.number }));
    const { nest, close } = await traceTaskward(env, warnings, webRoot);
    const listen = async () => {
      await port.release();
      await nest.listen(env.PORT, env.HOST);
    };
    return { env, nest, listen, close: () => close().finally(port.release) };
  } catch (error) {
    await port.release();
    throw error;
  }
}
