import { spawn, type ChildProcess } from 'node:child_process';

export interface Result {
  readonly code: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Shows the output as it comes. */
  readonly show?: boolean;
  /** Milliseconds after which it is killed. */
  readonly timeout?: number;
}

const running = new Set<ChildProcess>();
let ending = false;

/** Ends what runs, and lets only a clean-up run from now on. */
export function interrupt(): void {
  ending = true;
  for (const child of running) child.kill('SIGTERM');
}

/** Whether Ctrl-C was pressed. */
export const isInterrupted = () => ending;

/** Runs a command to its end. One that is not there counts as failed. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env, show = false, timeout = 900_000 }: RunOptions = {},
): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), timeout);
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (show) process.stdout.write(text);
      });
    }
    const end = (code: number) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(127);
    });
    child.once('close', (code) => {
      end(code ?? 1);
    });
  });
}

/** Runs a command that has to succeed; returns its output. */
export async function must(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  if (ending) throw new Error('interrupted');
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const tail = options.show ? '' : `\n${output.slice(-6000)}`;
    throw new Error(`${command} ${args.join(' ')} ended with ${code}${tail}`);
  }
  return output;
}

/** `docker inspect` of one object. */
export async function inspect<T>(object: string): Promise<T> {
  const [found] = JSON.parse(await must('docker', ['inspect', object])) as T[];
  if (found === undefined) throw new Error(`docker knows no ${object}`);
  return found;
}

/** Whether a Docker engine responds. */
export async function hasEngine(): Promise<boolean> {
  return (await run('docker', ['info'], { timeout: 60_000 })).code === 0;
}
