import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { inspect, must, run } from './run.ts';

/** An engine in a network namespace of its own may show these ports alone on the machine. */
const PORTS = [44_000, 44_100] as const;
/** Paths that a clone does not have, and `.env`, of which this stack has its own. */
const NOT_CLONED = /^(\.git|\.data|\.env|coverage)(\/|$)|(^|\/)(node_modules|dist)(\/|$)/;

/** The parts of `docker inspect` that are looked at. */
export interface Container {
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
  };
  readonly RestartCount: number;
  readonly Config: { readonly User: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
  };
}

/** The commands of a document's fenced `sh` block number `index` below a heading. */
export function commandsOf(file: string, heading: string, index = 0): string {
  const text = readFileSync(file, 'utf8');
  const section = text.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const block = [...section.matchAll(/```sh\n(.*?)```/gs)][index]?.[1];
  if (block === undefined) throw new Error(`${file}: no commands below "${heading}"`);
  return block;
}

/**
 * The stack of a Compose file, started in a copy of the repository, where it has an `.env`,
 * a project name and a port of its own.
 */
export class Stack {
  readonly project = `taskward-verify-${randomBytes(4).toString('hex')}`;
  readonly directory = mkdtempSync(join(tmpdir(), 'taskward-docker-'));

  // Not a parameter property: Node strips types and does not compile.
  readonly port: number;
  readonly #file: string;

  private constructor(root: string, port: number, file: string) {
    this.port = port;
    this.#file = file;
    cpSync(root, this.directory, {
      recursive: true,
      filter: (path) => !NOT_CLONED.test(relative(root, path)),
    });
    this.setEnv({});
  }

  static async create(root: string, file: string): Promise<Stack> {
    return new Stack(root, await freePort(...PORTS), file);
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Writes `.env` anew. */
  setEnv(variables: Record<string, string>): void {
    const all = { PUBLISH: `127.0.0.1:${this.port}`, PUBLIC_URL: this.url, ...variables };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.directory, '.env'), lines.join(''));
  }

  /** Runs commands of the documentation as a user would, in the copy. */
  shell(commands: string): Promise<string> {
    return must('bash', ['-euo', 'pipefail', '-c', commands.replaceAll(LOCALHOST, this.url)], {
      cwd: this.directory,
      env: { COMPOSE_PROJECT_NAME: this.project },
    });
  }

  #arguments(args: readonly string[]): string[] {
    return ['compose', '--project-name', this.project, '--file', this.#file, ...args];
  }

  compose(...args: string[]): Promise<string> {
    return must('docker', this.#arguments(args), { cwd: this.directory });
  }

  tryCompose(...args: string[]) {
    return run('docker', this.#arguments(args), { cwd: this.directory });
  }

  inspect(service: string): Promise<Container> {
    return inspect(`${this.project}-${service}-1`);
  }

  /** Removes containers, networks, volumes, the built image and the copy. */
  async remove(): Promise<void> {
    const everything = ['--volumes', '--remove-orphans', '--rmi', 'local', '--timeout', '5'];
    await run('docker', this.#arguments(['--profile', 'backup', 'down', ...everything]), {
      cwd: this.directory,
      // The file wants one, whatever is done with it.
      env: { POSTGRES_PASSWORD: 'none' },
    });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const LOCALHOST = 'http://localhost:3000';
