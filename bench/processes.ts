import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { processTree } from './cpu.ts';
import { setTimeout as delay } from 'node:timers/promises';

/** Timeouts for a process to become ready, and to exit. */
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

export interface ProcessOptions {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Path of the output file. */
  readonly log: string;
  /** Program to run, if it is not Node. */
  readonly program?: string;
}

/** A process that writes its output to a file, as under a service manager. */
export class Service {
  static readonly #running = new Set<Service>();
  readonly #child: ChildProcess;
  readonly #log: string;

  constructor(
    args: readonly string[],
    { cwd, variables, log, program = process.execPath }: ProcessOptions,
  ) {
    const { PATH = '' } = process.env;
    const output = openSync(log, 'a');
    this.#log = log;
    this.#child = spawn(program, args, {
      cwd,
      env: { PATH, ...variables },
      stdio: ['ignore', output, output],
    });
    Service.#running.add(this);
    this.#child.once('exit', () => Service.#running.delete(this));
  }

  /** Stops all running services. */
  static async stopAll(): Promise<void> {
    await Promise.all([...Service.#running].map((service) => service.stop()));
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Returns the ids of the process and of its workers. */
  pids(): number[] {
    return processTree(this.pid);
  }

  /** Resolves when this URL returns 200. */
  async ready(url: string): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const status = await fetch(url).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        () => 0,
      );
      if (status === 200) return;
      if (this.#child.exitCode !== null || performance.now() > deadline) {
        throw new Error(
          `the service is not ready:\n${readFileSync(this.#log, 'utf8').slice(-2_000)}`,
        );
      }
      await delay(10);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
}
