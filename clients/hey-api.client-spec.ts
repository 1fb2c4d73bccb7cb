import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../test/support/app.js';
import { execute, generate, prepare, resultsOf } from './walk.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('generates, compiles and walks through the API with hey-api', async () => {
  const folder = await prepare('hey-api');
  await generate(folder, 'openapi-ts');
  await execute(folder, 'tsc', '-p', '.');
  const printed = await execute(folder, process.execPath, 'walk.js', app.url);
  expect(JSON.parse(printed)).toEqual(resultsOf('hey-api'));
});
