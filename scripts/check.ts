import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * `npm run check`: runs every `check:…` script of package.json, one for each processor at a time, in the
 * order in which they stand there (the longest first). A script's `precheck:…` is run before it, and once
 * only when several scripts have the same one.
 */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};
const preparations = new Map<string, Promise<boolean>>();
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'));
const failed: string[] = [];

/** Runs a script; prints how long it took and, if it failed, its output. */
async function run(name: string): Promise<boolean> {
  const start = performance.now();
  // --ignore-scripts keeps npm from running the `pre` script itself.
  const child = spawn(`npm run --silent --ignore-scripts ${name}`, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const passed = await new Promise<boolean>((resolve) => {
    child.once('close', (code) => {
      resolve(code === 0);
    });
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${seconds} s  ${name}`);
  if (passed) return true;
  failed.push(name);
  console.log(output);
  return false;
}

/** Runs the `pre` script of a check, unless an equal one has run. */
function prepare(name: string): Promise<boolean> {
  const command = scripts[`pre${name}`];
  if (command === undefined) return Promise.resolve(true);
  const preparation = preparations.get(command) ?? run(`pre${name}`);
  preparations.set(command, preparation);
  return preparation;
}

async function work(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (await prepare(name)) await run(name);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}. "npm run <name>" runs one alone.`);
  process.exitCode = 1;
}
