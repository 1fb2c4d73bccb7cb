import type { Program } from './program.js';

/** Variables of a program that listens for a debugger. */
export const DEBUGGED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

interface Reply<T> {
  readonly id?: number;
  readonly result: T;
}

/**
 * A client for a program that runs with `DEBUGGED`.
 *
 * https://chromedevtools.github.io/devtools-protocol/v8/
 */
export class Debugger {
  #last = 0;

  private constructor(private readonly socket: WebSocket) {}

  static async attach(program: Program): Promise<Debugger> {
    const address = /Debugger listening on (ws:\S+)/.exec(program.output)?.[1];
    if (address === undefined) throw new Error('it listens for no debugger');
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    return new Debugger(socket);
  }

  /** Returns the bytes of JavaScript's heap that are still in use after a full collection. */
  async liveHeap(): Promise<number> {
    // The first collection runs finalizers, the second frees the objects.
    await this.#send('HeapProfiler.collectGarbage');
    await this.#send('HeapProfiler.collectGarbage');
    return (await this.#send<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize;
  }

  /** Runs a script in the program, which has `process` and Node's modules only. */
  async run(script: string): Promise<void> {
    const { exceptionDetails } = await this.#send<{ exceptionDetails?: { text: string } }>(
      'Runtime.evaluate',
      { expression: script },
    );
    if (exceptionDetails) throw new Error(exceptionDetails.text);
  }

  close(): void {
    this.socket.close();
  }

  #send<T>(method: string, params = {}): Promise<T> {
    const id = (this.#last += 1);
    return new Promise((resolve) => {
      const onMessage = ({ data }: MessageEvent): void => {
        const reply = JSON.parse(String(data)) as Reply<T>;
        if (reply.id !== id) return;
        this.socket.removeEventListener('message', onMessage);
        resolve(reply.result);
      };
      this.socket.addEventListener('message', onMessage);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
