import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';

/** Measurements besides the scenarios, in order. */
const OTHERS = ['p99', 'limits', 'storm', 'start', 'connections', 'memory', 'growth'] as const;
/** Measurements that are too slow for a quick run. */
const SLOW: readonly string[] = ['connections', 'memory', 'growth'];

const NAMES = [...SCENARIOS.map(({ name }) => name), ...OTHERS];

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  check: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  memory: { type: 'boolean', default: false },
} as const;

const USAGE = [
  'npm run bench -- [options]',
  '  --quick          shorter measurements: two to three minutes instead of ten',
  `  --only a,b       only these measurements: ${NAMES.join(', ')}`,
  '  --memory         measure memory in a quick run, too',
  '  --check          only the ratios; fail if one is more than 25 % below the committed one',
  '  --write          write the committed figures: bench/results, docs/performance.md',
  '  --profile        only write CPU profiles of our side to bench/results/profiles',
].join('\n');

export type Mode = 'quick' | 'full';

export interface Options {
  readonly mode: Mode;
  /** Names of the measurements to run. */
  readonly names: ReadonlySet<string>;
  readonly check: boolean;
  readonly write: boolean;
  readonly profile: boolean;
}

/** Invalid arguments; the message shows the usage. */
class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n${USAGE}`);
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function namesOf(
  only: string | undefined,
  isQuick: boolean,
  memory: boolean,
  isCheck: boolean,
): string[] {
  if (only === undefined) {
    if (isCheck) return SCENARIOS.map(({ name }) => name);
    return NAMES.filter(
      (name) => !isQuick || !SLOW.includes(name) || (name === 'memory' && memory),
    );
  }
  const names = only.split(',');
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`--only: there is no measurement "${unknown}".`);
  return names;
}

/** @throws UsageError */
export function optionsOf(args: readonly string[]): Options {
  const { quick, only, check, write, profile, memory } = parsed(args);
  if (write && (only !== undefined || profile)) {
    throw new UsageError('--write needs all measurements.');
  }
  const names = new Set(namesOf(only, quick, memory, check && !write));
  return { mode: quick ? 'quick' : 'full', names, check, write, profile };
}
