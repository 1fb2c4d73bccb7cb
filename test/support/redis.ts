import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

const PROGRAM = 'redis-server';

/** A Redis of the test's own, without persistence, which can be killed, silenced and restarted. */
export class RedisServer {
  #server: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  /** Creates one that has not been started. */
  static async create(): Promise<RedisServer> {
    return new RedisServer(await freePort());
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''];
    const server = spawn(PROGRAM, options, {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        reject(new Error(`These tests need ${PROGRAM} (Debian package redis-server).`, { cause }));
      });
      server.once('exit', (code) => {
        reject(new Error(`${PROGRAM} ended with ${String(code)}`));
      });
      server.stdout.on('data', (lines: Buffer) => {
        if (lines.includes('Ready to accept connections')) resolve();
      });
    });
    this.#server = server;
  }

  /** Simulates a crash: clients are not notified. */
  async kill(): Promise<void> {
    if (this.#server === undefined) return;
    const exited = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await exited;
    this.#server = undefined;
  }

  /** Keeps its connections and stops responding. */
  silence(): void {
    this.#server?.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.kill('SIGCONT');
  }

  /** Returns its reply to one command. */
  async command(command: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(this.url);
    try {
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }
}
