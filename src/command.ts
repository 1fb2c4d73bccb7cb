import { type Env, readEnv } from './config/index.js';

/**
 * Runs a command beside the program, and prints what it did; a failure is its message and exit code 1.
 * A signal ends it at once, and with it what it started.
 *
 * @param usage shown when `work` finds no sense in its parameters, which it says with undefined.
 */
export async function runCommand(
  usage: string,
  work: (parameters: readonly string[], env: Env) => Promise<string | undefined>,
): Promise<void> {
  // Exit hooks stop an embedded PostgreSQL that was started here, and remove what is half written.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
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
