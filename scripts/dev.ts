import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * `npm run dev`: the API, which restarts on every change, and Vite, which replaces modules of the
 * web client in the open page and passes requests for the API on. Ends when either does.
 */
const { PORT = '3000' } = {
  ...(existsSync('.env') && parseEnv(readFileSync('.env', 'utf8'))),
  ...process.env,
};
const env = { ...process.env, TASKWARD_URL: `http://localhost:${PORT}` };

const run = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, args, { env, stdio: 'inherit' });

const children = [
  run(
    'node_modules/@nestjs/cli/bin/nest.js',
    'start',
    '--watch',
    '--exec',
    'node --enable-source-maps',
  ),
  run('node_modules/vite/bin/vite.js', 'web'),
];

/** Ends both programs; Ctrl-C in a terminal has reached them already. */
function stop(): void {
  for (const child of children) child.kill('SIGTERM');
}

for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 0;
    stop();
  });
}
process.on('SIGINT', stop).on('SIGTERM', stop);
