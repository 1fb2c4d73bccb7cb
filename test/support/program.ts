import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnv } from './bare-env.ts';

const BUILD = fileURLToPath(new URL('../../dist', import.meta.url));
const PACKAGE = new URL('../../package.json', import.meta.url);

interface Package {
  readonly scripts: { readonly start: string };
}

/** Node's flags under `npm start`. */
const FLAGS = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as Package).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('-'));

interface ProgramOptions {
  /** Whether a shell stands between, as under `npm start`. */
  readonly shell?: boolean | undefined;
  /** `dist` of another version. */
  readonly build?: string | undefined;
}

/** The compiled program in a process of its own, as `npm start` runs it. */
export class Program {
  static readonly #running = new Set<Program>();
  readonly #child: ChildProcess;
  #output = '';

  constructor(
    variables: Record<string, string>,
    cwd: string,
    { shell = false, build = BUILD }: ProgramOptions = {},
  ) {
    const env = { ...bareEnv(), LOG_LEVEL: 'warn', PORT: '0', ...variables };
    const main = join(build, 'main.js');
    this.#child = shell
      ? spawn('sh', ['-c', `"${process.execPath}" ${FLAGS.join(' ')} "${main}"; exit $?`], {
          cwd,
          env,
        })
      : spawn(process.execPath, [...FLAGS, main], { cwd, env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    Program.#running.add(this);
    this.#child.once('exit', () => Program.#running.delete(this));
  }

  /** Ends what a failed test has left running. */
  static async killAll(): Promise<void> {
    await Promise.all([...Program.#running].map((program) => program.kill('SIGKILL')));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('it could not be started');
    return this.#child.pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves with the API's address once it is printed; rejects when the program ends instead. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /API +(http\S+)\/api\/v1/.exec(this.#output)?.[1];
      if (url !== undefined) return url;
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#output}`);
      await Promise.race([
        once(this.#child.stdout ?? this.#child, 'data'),
        once(this.#child, 'close'),
      ]);
    }
  }

  /** Resolves with the exit code and everything that was printed. */
  async ended(): Promise<{ code: number | null; output: string }> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'close');
    }
    return { code: this.#child.exitCode, output: this.#output };
  }

  async kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL') {
    this.#child.kill(signal);
    return this.ended();
  }
}
