import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const CONFIGURATION = new URL('../../docker/nginx.conf', import.meta.url);

/** Replaces what the configuration has to have. */
function replace(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) throw new Error(`docker/nginx.conf lacks ${String(pattern)}`);
  return text.replace(pattern, () => replacement);
}

/**
 * Returns `docker/nginx.conf` for a process on this machine: other servers and another port, and files
 * in a directory of its own. Debian's nginx is older than `resolve`.
 */
async function configurationFor(port: number, upstreams: readonly URL[], folder: string) {
  const text = (await readFile(CONFIGURATION, 'utf8')).replaceAll('/tmp/', `${folder}/`);
  const servers = upstreams.map(({ host }) => `\nserver ${host} fail_timeout=1s;`).join('');
  const changed = replace(text, /(?:\s+server api-\d:3000 resolve fail_timeout=1s;)+/, servers);
  return replace(changed, /listen 8080;/, `listen 127.0.0.1:${String(port)};`);
}

/** nginx with the configuration of `docker/compose.scale.yaml`, in front of processes of this machine. */
export class Nginx {
  readonly port: number;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(port: number) {
    this.port = port;
  }

  /** Reserves a port, which the servers behind it may have to know. */
  static async create(): Promise<Nginx> {
    return new Nginx(await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** @throws Error with nginx's own message when it does not start. */
  async start(upstreams: readonly URL[], folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'nginx.conf');
    await writeFile(file, await configurationFor(this.port, upstreams, folder));
    const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#child = child;
    const failed = Promise.race([once(child, 'error'), once(child, 'close')]);
    const started = until(() => this.#isListening()).then(() => true);
    if ((await Promise.race([failed, started])) !== true) {
      throw new Error(`These tests need nginx (Debian package nginx). ${this.#output}`);
    }
  }

  /** Connects without a request, which would count at an instance that fails. */
  async #isListening(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    await once(socket, 'connect').finally(() => socket.destroy());
    return true;
  }

  async stop(): Promise<void> {
    if (this.#child?.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'close');
  }
}
