import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Program } from '../support/program.ts';
import { SECRET_MODE } from '../support/secret-mode.ts';
import type { Postgres } from './postgres.ts';
import type { Tally } from './tally.ts';

/** How much is done. */
export interface Size {
  /** Times that the app is killed; the other faults come a fifth as often. */
  readonly kills: number;
  /** Minutes that the soak takes. */
  readonly minutes: number;
  /** Seconds that an attack takes. */
  readonly seconds: number;
}

export interface Scenario {
  readonly name: string;
  /** One line, with how often; the table's first column. */
  title(size: Size): string;
  run(context: Context): Promise<void>;
}

/** Everything that a scenario needs. */
export interface Context {
  readonly size: Size;
  readonly tally: Tally;
  readonly postgres: Postgres;
  /** A directory for everything that is written. */
  readonly folder: string;
  /** Prints a figure that the table has no column for. */
  readonly print: (line: string) => void;
}

export const timesOf = ({ kills }: Size) => Math.max(1, Math.round(kills / 5));

/** The program as it was built, without limits on how much may be asked. */
export async function startProgram(
  { folder }: Pick<Context, 'folder'>,
  variables: Record<string, string>,
): Promise<{ program: Program; url: string }> {
  const cwd = await mkdtemp(join(folder, 'app-'));
  const settings = { ...SECRET_MODE, RATE_LIMIT: 'off', LOG_LEVEL: 'silent' };
  const program = new Program({ ...settings, DATA_DIR: join(cwd, 'data'), ...variables }, cwd);
  return { program, url: await program.ready() };
}
