import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Own } from './report.ts';

/** Twice the costliest body that is known; without the bounds of bodies it was over ten times. */
const GOAL = 5;

/** Searches for the body that costs most to validate, in a process whose CPU time nothing else uses. */
export async function measureBody(): Promise<Own> {
  const program = join(import.meta.dirname, 'body-costs.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const { times, beginning } = JSON.parse(stdout) as { times: number; beginning: string };
  return {
    name: 'body',
    title: 'costliest body of 256 KB ÷ `JSON.parse` of one, by CPU',
    unit: '×',
    value: times,
    goal: GOAL,
    details: `\`${beginning.replaceAll(/[^\x20-\x7e]|[`|]/g, '·')}\``,
  };
}
