import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { signUp } from '../support/client.js';
import { createToken } from '../support/personal-tokens.js';
import { PASSWORD } from '../support/identity.js';

/** Another project: strict TypeScript for Node, with the package installed as it is published. */
const COMPILER_OPTIONS = {
  target: 'es2024',
  module: 'nodenext',
  lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
};

const MISTAKEN = `
import { createClient } from '@taskward/client';
const taskward = createClient({ baseUrl: 'http://localhost:3000' });
await taskward.POST('/api/v1/tasks', { body: { titel: 'Buy milk' } });
await taskward.POST('/api/v1/tasks');
await taskward.GET('/api/v1/tasks', { params: { query: { page: 2 } } });
console.log((await taskward.GET('/api/v1/tasks')).data.items);
for await (const { data } of taskward.pages('/api/v1/me')) console.log(data);
`;

const app = useApp();
const compiler = resolve('node_modules/typescript/bin/tsc');
let folder: string;
let errors: string[];

const run = promisify(execFile);

/** Returns the output of a Node program. */
const node = (...args: string[]) =>
  run(process.execPath, args, { cwd: folder, timeout: 50_000 }).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );

/**
 * Compiles the example and the mistakes in one run, because to read the types takes most of it;
 * returns the first line of each error.
 */
async function compile(programs: Readonly<Record<string, string>>): Promise<string[]> {
  const files = Object.entries(programs);
  await Promise.all(files.map(([name, program]) => writeFile(join(folder, name), program)));
  const config = { compilerOptions: COMPILER_OPTIONS, files: Object.keys(programs) };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout, stderr } = await node(compiler, '-p', '.');
  return [...stdout.split('\n'), stderr].filter((line) => /^\S/.test(line));
}

beforeAll(async () => {
  // Below node_modules, so that it finds openapi-fetch and the types of Node.
  folder = await mkdtemp(resolve('node_modules', '.taskward-client-'));
  const installed = join(folder, 'node_modules', '@taskward', 'client');
  const source = resolve('clients/typescript');
  await run(process.execPath, [
    ...[compiler, '-p', join(source, 'tsconfig.build.json')],
    ...['--outDir', join(installed, 'dist')],
  ]);
  await symlink(join(source, 'package.json'), join(installed, 'package.json'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const page = await readFile(join(source, 'README.md'), 'utf8');
  const examples = page.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs);
  const programs: Record<string, string> = { 'mistaken.ts': MISTAKEN };
  for (const [, name = '', program = ''] of examples) programs[name] = program;
  errors = await compile(programs);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const isMistake = (line: string) => line.startsWith('mistaken.ts');

describe('the package @taskward/client', () => {
  it('runs the example of its README', async () => {
    expect(errors.filter((line) => !isMistake(line))).toEqual([]);
    const { token } = await createToken(await signUp(app.url));
    const { stdout, stderr } = await node('example.js', app.url, token);
    expect(stderr).toBe('');
    expect(stdout).toBe("Buy milk\nwanted { priority: 'low' } but it is high\n");
  });

  it('runs the example of its README that follows changes', async () => {
    const { token } = await signUp(app.url, 'grace');
    const { stdout, stderr } = await node('follow.js', app.url, token);
    expect(stderr).toBe('');
    expect(stdout).toBe('task.created Buy milk\nstopped: enough\n');
  });

  it('runs the example of its README that signs in', async () => {
    const { id, email } = await signUp(app.url, 'alan');
    const { stdout, stderr } = await node('sign-in.js', app.url, email, PASSWORD);
    expect(stderr).toBe('');
    expect(stdout).toBe(`signed in as ${id}\nrefused with 401\n`);
  });

  it('does not compile with what the API does not have', () => {
    expect(errors.filter(isMistake)).toEqual([
      expect.stringMatching(/'titel' does not exist/),
      expect.stringMatching(/Expected 2 arguments/),
      expect.stringMatching(/'page' does not exist/),
      expect.stringMatching(/'items' does not exist/),
      expect.stringMatching(/'"\/api\/v1\/me"' is not assignable/),
    ]);
  });
});
