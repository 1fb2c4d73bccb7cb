import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { Nginx } from './nginx.ts';
import { Program } from './program.ts';

const COUNT = 3;

interface Instance {
  readonly url: URL;
  program: Program;
}

/** Several processes of Taskward on one database, behind nginx, which gives each its turn. */
export class Instances {
  readonly #all: Instance[] = [];
  readonly #folder: string;
  readonly #nginx: Nginx;
  readonly #variables: Record<string, string>;

  private constructor(folder: string, nginx: Nginx, variables: Record<string, string>) {
    this.#folder = folder;
    this.#nginx = nginx;
    // Tests call nginx, whatever PUBLIC_URL is.
    const addresses = { PUBLIC_URL: nginx.url, TRUSTED_ORIGINS: nginx.url };
    this.#variables = { ...addresses, TRUST_PROXY: 'loopback', ...variables };
  }

  /** @param builds `dist` folders of the versions to start; by default three times the current one. */
  static async start(
    variables: Record<string, string>,
    builds: readonly (string | undefined)[] = Array<undefined>(COUNT).fill(undefined),
  ): Promise<Instances> {
    const folder = await mkdtemp(join(tmpdir(), 'taskward-instances-'));
    const instances = new Instances(folder, await Nginx.create(), variables);
    for (const build of builds) {
      const url = new URL(`http://127.0.0.1:${String(await freePort())}`);
      instances.#all.push({ url, program: instances.#run(url, build) });
    }
    try {
      await Promise.all(instances.#all.map(({ program }) => program.ready()));
      const urls = instances.#all.map(({ url }) => url);
      await instances.#nginx.start(urls, join(folder, 'nginx'));
    } catch (error) {
      await instances.close();
      throw error;
    }
    return instances;
  }

  /** The address of nginx. */
  get url(): string {
    return this.#nginx.url;
  }

  /** The addresses of the instances themselves. */
  get urls(): string[] {
    return this.#all.map(({ url }) => url.origin);
  }

  #run({ port }: URL, build: string | undefined): Program {
    return new Program({ ...this.#variables, PORT: port }, this.#folder, { build });
  }

  #at(index: number): Instance {
    const instance = this.#all[index];
    if (instance === undefined) throw new Error(`there is no instance ${String(index)}`);
    return instance;
  }

  /** Ends one instance. */
  async stop(index: number, signal: 'SIGTERM' | 'SIGKILL') {
    return this.#at(index).program.kill(signal);
  }

  /** Starts one that was ended, at the same address, in a version of choice. */
  async restart(index: number, build?: string): Promise<void> {
    const instance = this.#at(index);
    instance.program = this.#run(instance.url, build);
    await instance.program.ready();
  }

  async close(): Promise<void> {
    await this.#nginx.stop();
    await Promise.all(this.#all.map(({ program }) => program.kill('SIGTERM')));
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
