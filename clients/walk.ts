import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..');

/**
 * Runs a program of the folder's Python environment, of npm's packages, or of the machine.
 *
 * @returns what it prints to standard output
 * @throws Error with all that it prints when it fails
 */
export async function execute(cwd: string, file: string, ...args: string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const path = [join(cwd, '.venv', 'bin'), join(ROOT, 'node_modules', '.bin'), PATH];
  const env = { ...process.env, PATH: path.join(delimiter) };
  try {
    return (await run(file, args, { cwd, env, timeout: 220_000 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/** Runs the command of docs/clients.md that begins with `tool`. */
export async function generate(folder: string, tool: string): Promise<string> {
  const page = await readFile(join(ROOT, 'docs', 'clients.md'), 'utf8');
  const args = new RegExp(`^(?:npx )?${tool} (.+)$`, 'm').exec(page)?.[1]?.split(' ');
  if (args === undefined) throw new Error(`docs/clients.md has no command ${tool}`);
  await cp(join(ROOT, 'openapi.json'), join(folder, 'openapi.json'));
  return execute(folder, tool, ...args);
}

/** Copies a client's program to a new folder, named as it or otherwise, where its client is generated. */
export async function prepare(name: string, folderName = name): Promise<string> {
  const folder = join(import.meta.dirname, '.work', folderName);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, '..'), { recursive: true });
  await cp(join(import.meta.dirname, name), folder, { recursive: true });
  return folder;
}

/** Creates a Python environment with the packages of the folder's `requirements.txt`. */
export async function createPythonEnvironment(folder: string): Promise<void> {
  await execute(folder, 'python3', '-m', 'venv', '.venv');
  await execute(folder, 'pip', 'install', '--quiet', '-r', 'requirements.txt');
}

/** Builds and installs the Python client of this repository in a new folder, which is returned. */
export async function preparePythonClient(folderName: string): Promise<string> {
  const folder = await prepare('python', folderName);
  await cp(join(ROOT, 'openapi.json'), join(folder, 'openapi.json'));
  await createPythonEnvironment(folder);
  const options = ['--quiet', '--no-build-isolation', '--no-deps'];
  await execute(folder, 'pip', 'install', ...options, '.');
  return folder;
}

/** Results that every program prints as JSON, whatever client it uses. */
export const resultsOf = (name: string) => ({
  signUp: `${name}@example.com`,
  create: [201, 'Buy milk', 1, '"1"'],
  pages: [['Buy milk'], ['Buy bread'], null],
  patch: ['Two litres', null, 2],
  stale: [412, 'precondition_failed'],
  complete: [true, 'string'],
  delete: 204,
  restore: 'Buy milk',
  batch: [
    [201, 'Buy eggs'],
    [200, 'Buy milk'],
    [204, null],
  ],
  signOut: true,
  tokenAfterSignOut: 401,
});
