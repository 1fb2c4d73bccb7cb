import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../test/support/app.js';
import { createPythonEnvironment, execute, generate, prepare, resultsOf } from './walk.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('generates, compiles and walks through the API with openapi-python-client', async () => {
  const folder = await prepare('openapi-python-client');
  await createPythonEnvironment(folder);
  const warnings = await generate(folder, 'openapi-python-client');
  expect(warnings).not.toMatch(/warning|error/i);
  await execute(folder, 'python', '-m', 'compileall', '-q', 'taskward');
  const printed = await execute(folder, 'python', 'walk.py', app.url);
  expect(JSON.parse(printed)).toEqual(resultsOf('openapi-python-client'));
});
