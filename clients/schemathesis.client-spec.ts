import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../test/support/app.js';
import { signUp } from '../test/support/client.js';
import { createPythonEnvironment, execute, prepare } from './walk.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ AUTH_TOKEN_TTL: '1h' });
});
afterAll(() => app.close());

it('finds nothing with schemathesis: every response is as openapi.json describes it', async () => {
  const folder = await prepare('schemathesis');
  await createPythonEnvironment(folder);
  const { token } = await signUp(app.url);
  const printed = await execute(
    folder,
    'schemathesis',
    'run',
    `${app.url}/openapi.json`,
    '--header',
    `Authorization: Bearer ${token}`,
    '--no-color',
  );
  expect(printed).toMatch(/Selected: (\d+)\/\1\n +Tested: \1\n/);
  expect(printed).toMatch(/✅ Coverage/);
});
