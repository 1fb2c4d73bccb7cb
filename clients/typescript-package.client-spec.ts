import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rolldown } from 'rolldown';
import { useApp } from '../test/support/app.js';
import { signUp } from '../test/support/client.js';
import { createToken } from '../test/support/personal-tokens.js';
import { execute } from './walk.js';

const app = useApp();
let folder: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-package-'));
  const pack = ['pack', '--json', '--pack-destination', folder];
  const json = await execute(resolve('clients/typescript'), 'npm', ...pack);
  // The compiler of `prepack` may print before it.
  const [packed] = JSON.parse(json.slice(json.indexOf('['))) as {
    filename: string;
    files: { path: string }[];
  }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  await mkdir(join(folder, 'project'));
  await writeFile(join(folder, 'project/package.json'), '{"type":"module"}');
  const archive = join(folder, packed?.filename ?? '');
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', archive];
  await execute(join(folder, 'project'), 'npm', ...install);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('has its README, its license, and compiled modules with their types', () => {
  const others = files.filter((file) => !/^dist\/[\w-]+\.(js|d\.ts)$/.test(file));
  expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
  expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts']));
});

it('has the license of the project', async () => {
  const license = await readFile('LICENSE', 'utf8');
  expect(await readFile('clients/typescript/LICENSE', 'utf8')).toBe(license);
});

it('has two dependencies, and what these need', async () => {
  const lock = await readFile(join(folder, 'project/package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: object };
  expect(Object.keys(packages).sort()).toEqual([
    '',
    'node_modules/@taskward/client',
    'node_modules/eventsource-parser',
    'node_modules/openapi-fetch',
    'node_modules/openapi-typescript-helpers',
  ]);
});

it('installed in an empty folder, compiles and runs the example of its README', async () => {
  const project = join(folder, 'project');
  const readme = await readFile(join(project, 'node_modules/@taskward/client/README.md'), 'utf8');
  const [, example = ''] = /```ts\n\/\/ example\.ts\n(.*?)```/s.exec(readme) ?? [];
  await writeFile(
    join(project, 'example.ts'),
    `declare const process: { argv: string[] };\n${example}`,
  );
  const compilerOptions = {
    strict: true,
    types: [],
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
  };
  const config = { compilerOptions, files: ['example.ts'] };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
  await execute(project, 'tsc');
  const { token } = await createToken(await signUp(app.url));
  const printed = await execute(project, process.execPath, 'example.js', app.url, token);
  expect(printed).toBe("Buy milk\nwanted { priority: 'low' } but it is high\n");
});

it('runs where there is nothing but the globals of the web', async () => {
  const bundle = await rolldown({
    input: join(folder, 'project/node_modules/@taskward/client/dist/index.js'),
    platform: 'neutral',
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'taskward' });
  const web = {
    AbortController,
    AbortSignal,
    DOMException,
    FormData,
    Headers,
    Request,
    Response,
    URL,
  };
  const more = { TextDecoder, URLSearchParams, atob, clearTimeout, crypto, fetch, setTimeout };
  const { token } = await createToken(await signUp(app.url));
  const context = createContext({ ...web, ...more, baseUrl: app.url, token });
  const program = `${output[0].code}
    (async () => {
      const { createClient, personalToken } = taskward;
      const client = createClient({ baseUrl, getToken: personalToken(token) });
      return (await client.POST('/api/v1/tasks', { body: { title: 'Buy milk' } })).data.title;
    })()`;
  expect(await (runInContext(program, context) as Promise<string>)).toBe('Buy milk');
});
