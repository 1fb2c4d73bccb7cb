import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../test/support/app.js';
import { execute, generate, prepare, resultsOf } from './walk.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('generates, compiles and walks through the API with oapi-codegen', async () => {
  const folder = await prepare('oapi-codegen');
  await mkdir(join(folder, 'taskward'));
  await generate(folder, 'go');
  await execute(folder, 'go', 'build', '-o', 'walk', '.');
  const printed = await execute(folder, join(folder, 'walk'), app.url);
  expect(JSON.parse(printed)).toEqual(resultsOf('oapi-codegen'));
});
