import 'reflect-metadata';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTaskward } from '../../src/app.setup.js';
import { parseEnv } from '../../src/config/env.js';
import { PasswordHashing } from '../../src/identity/password-hashing.js';
import { createDatabase } from './database.js';
import { disturb, IN_INSTANCES, startInstances } from './instances-app.js';
import { Program } from './program.js';
import { startTestPooler } from './test-pooler.js';

/** A Taskward that listens on a random port, put together as `main.ts` does. */
export interface TestApp {
  readonly url: string;
  readonly databaseUrl: string;
  readonly nest: NestFastifyApplication;
  readonly close: () => Promise<void>;
}

/** Parameters of password hashes that take a millisecond, where the current ones take 200. */
const CHEAP = { ln: 5, r: 8, p: 1 };

export interface AppOptions {
  /** Directory of a built web client; by default there is none, whatever this checkout has. */
  readonly webRoot?: string;
  /** Hashes passwords as in production: for tests of hashes, and of how long responses take. */
  readonly hasRealHashes?: boolean;
  /** Connects without the pooler of `TEST_POOLER`: for tests of what is sent to PostgreSQL. */
  readonly isDirect?: boolean;
}

/**
 * Starts the API on a database of its own, unless the variables name one. With TEST_INSTANCES=true it is
 * three processes behind nginx instead.
 *
 * Passport keeps strategies by name for the whole process: of several apps at once, the one that
 * started last verifies everybody's tokens. Apps that trust different issuers take turns.
 */
export async function startApp(
  variables: Record<string, string> = {},
  { hasRealHashes = false, isDirect = false, webRoot = 'not-built' }: AppOptions = {},
): Promise<TestApp> {
  const databaseUrl = variables['DATABASE_URL'] ?? (await createDatabase());
  const settings = {
    NODE_ENV: 'development',
    BETTER_AUTH_SECRET: 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA',
    PORT: '0',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'silent',
  };
  if (IN_INSTANCES) {
    return startInstances({ ...settings, ...variables, DATABASE_URL: databaseUrl });
  }
  const pooler = isDirect ? undefined : await startTestPooler(databaseUrl);
  const started = await createTaskward(
    parseEnv({ ...settings, ...pooler?.variables, ...variables, DATABASE_URL: databaseUrl }),
    [],
    webRoot,
  ).catch(async (error: unknown) => {
    await pooler?.stop();
    throw error;
  });
  const { env, nest } = started;
  const close = async () => {
    await started.close();
    await pooler?.stop();
  };
  if (env.AUTH_MODE === 'embedded' && !hasRealHashes) {
    nest.get(PasswordHashing, { strict: false }).parameters = CHEAP;
  }
  await started.listen();
  return { url: `http://127.0.0.1:${String(env.PORT)}`, databaseUrl, nest, close };
}

/** Variables, or a function that returns them once the servers that they name have been started. */
type Variables = Record<string, string> | (() => Record<string, string>);

/** Starts something in beforeAll() and closes it in afterAll(); returns a function that returns it. */
export function useStarted<App extends { readonly close: () => Promise<void> }>(
  start: () => Promise<App>,
): () => App {
  let app: App | undefined;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app?.close());
  return () => {
    if (app === undefined) throw new Error('The app is there from the first beforeAll() on.');
    return app;
  };
}

/** Starts an app for all tests of the file, or of the describe(), that calls it. */
export function useApp(variables: Variables = {}, options: AppOptions = {}): TestApp {
  const started = useStarted(() =>
    startApp(typeof variables === 'function' ? variables() : variables, options),
  );
  if (IN_INSTANCES) {
    afterEach(() => disturb(started()));
    afterAll(() => Program.killAll());
  }
  return {
    get url() {
      return started().url;
    },
    get databaseUrl() {
      return started().databaseUrl;
    },
    get nest() {
      return started().nest;
    },
    close: () => started().close(),
  };
}
