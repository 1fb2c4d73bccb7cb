import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { bareEnv } from './bare-env.ts';

interface Call {
  readonly id: number;
  readonly method: string;
  readonly parameters: unknown[];
}
type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });
type Handler = (...parameters: never[]) => unknown;

const describeError = (error: unknown) =>
  error instanceof Error ? `${error.constructor.name}: ${error.message}` : 'not an Error';

/** Serves calls from the test that started this script. It ends with the test. */
export function serveCalls(handlers: Readonly<Record<string, Handler>>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, method, parameters }: Call) => {
    const work = async () => await handlers[method]?.(...(parameters as never[]));
    const reply = (response: Reply) => process.send?.(response);
    work().then(
      (value) => reply({ id, value }),
      (error: unknown) => reply({ id, error: describeError(error) }),
    );
  });
}

/** How long a response may take on a busy machine (ms). */
const TIMEOUT_MS = 20_000;

/** A TypeScript file that Node runs in a separate process, and that serves calls. */
export class RemoteProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #calls = 0;
  #output = '';

  constructor(script: URL) {
    this.#child = fork(script, [], { env: bareEnv(), execArgv: [], silent: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#child.on('message', (reply: Reply) => this.#waiting.get(reply.id)?.(reply));
    this.#child.once('exit', () => {
      for (const [id, settle] of this.#waiting) settle({ id, error: 'it ended' });
    });
  }

  /** @throws Error with what the script threw and printed. */
  async call<T>(method: string, ...parameters: unknown[]): Promise<T> {
    const id = (this.#calls += 1);
    const late = AbortSignal.timeout(TIMEOUT_MS);
    const reply = await new Promise<Reply>((resolve) => {
      late.addEventListener('abort', () => resolve({ id, error: 'no answer' }));
      this.#waiting.set(id, resolve);
      this.#child.send({ id, method, parameters } satisfies Call, (error) => {
        if (error) resolve({ id, error: 'it has ended' });
      });
    });
    this.#waiting.delete(id);
    if ('error' in reply) throw new Error(`${method}: ${reply.error}\n${this.#output}`);
    return reply.value as T;
  }

  /** Kills it without warning. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
