import { expect } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestApp } from './app.js';
import { Instances } from './instances.js';

/** Whether each app is three processes behind nginx, for tests that speak HTTP alone. */
export const IN_INSTANCES = process.env['TEST_INSTANCES'] === 'true';

/** Tests of what the previous version does not have. */
const ADDED = '/test/changes/';

interface InstancesApp extends TestApp {
  readonly instances: Instances;
  /** Tests that have ended. */
  tests: number;
}

export async function startInstances(
  variables: Record<string, string> & { DATABASE_URL: string },
): Promise<TestApp> {
  const instances = await Instances.start(variables);
  const app: InstancesApp = {
    url: instances.url,
    databaseUrl: variables.DATABASE_URL,
    get nest(): NestFastifyApplication {
      throw new Error('Three processes have no app to look into.');
    },
    close: () => instances.close(),
    instances,
    tests: 0,
  };
  return app;
}

/**
 * Kills an instance after the first test, and replaces another by the previous version after the second.
 * Each test finds three: nginx repeats no DELETE, which an instance that is down would answer with 503.
 */
export async function disturb(app: TestApp): Promise<void> {
  const three = app as InstancesApp;
  three.tests += 1;
  if (three.tests === 1) {
    await three.instances.stop(0, 'SIGKILL');
    await three.instances.restart(0);
  } else if (three.tests === 2) {
    await three.instances.stop(1, 'SIGTERM');
    const isAdded = expect.getState().testPath?.includes(ADDED) === true;
    await three.instances.restart(1, isAdded ? undefined : process.env['PREVIOUS_BUILD']);
  }
}
