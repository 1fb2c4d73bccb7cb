import { type Env, readEnv } from './config/index.js';

/** Exit hooks stop an embedded PostgreSQL that was started here, and delete incomplete files. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
}

/**
 * Runs a command-line tool and prints its result; a failure prints its message and sets exit code
 * 1. A signal ends the tool and whatever it started.
 *
 * `work` imports what it needs, so that a usage or a wrong setting does not wait for it.
 *
 * @param usage shown when `work` returns undefined because its parameters are invalid.
 */
export async function runCommand(
  usage: string,
  work: (parameters: readonly string[], env: Env) => Promise<string | undefined>,
): Promise<void> {
  exitOnSignals();
  try {
    const { env, warnings } = readEnv();
    for (const line of warnings) process.stderr.write(`${line}\n`);
    const done = await work(process.argv.slice(2), env);
    if (done === undefined) throw new Error(usage);
    process.stdout.write(`${done}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
