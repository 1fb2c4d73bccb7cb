import { parseArgs } from 'node:util';
import { type PeerName, PEERS, SCENARIOS, YARDSTICKS } from './scenarios.ts';

/** Measurements besides the scenarios, in order. */
const OTHERS = [
  'p99',
  'limits',
  'storm',
  'start',
  'body',
  'bytes',
  'organise',
  'observed',
  'changes',
  'connections',
  'memory',
  'growth',
] as const;
/** Measurements that are too slow for a quick run. */
const SLOW: readonly string[] = ['changes', 'connections', 'memory', 'growth'];
/** The ratios of CPU times, which do not depend on what else the machine does. */
export const CHECKED: readonly string[] = [...SCENARIOS.map(({ name }) => name), 'body'];

const NAMES: readonly string[] = [...SCENARIOS.map(({ name }) => name), ...OTHERS];

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  peers: { type: 'string' },
  check: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  memory: { type: 'boolean', default: false },
} as const;

const USAGE = [
  'npm run bench -- [options]',
  '  --quick          shorter measurements: five minutes instead of half an hour',
  `  --only a,b       only these measurements: ${NAMES.join(', ')}`,
  `  --peers a,b      only these peers: ${PEERS.join(', ')}; in a quick run, ${YARDSTICKS.join(', ')}`,
  '  --memory         measure memory in a quick run, too',
  '  --check          only ratios; fail if one by CPU is more than 25 % below the committed one',
  '  --write          write the committed figures: bench/results, docs/performance.md',
  '  --profile        only write CPU profiles of our side to bench/results/profiles',
].join('\n');

export type Mode = 'quick' | 'full';

export interface Options {
  readonly mode: Mode;
  /** Names of the measurements to run. */
  readonly names: ReadonlySet<string>;
  readonly peers: ReadonlySet<PeerName>;
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

function listOf<T extends string>(option: string, list: string, known: readonly T[]): T[] {
  return list.split(',').map((name) => {
    const found = known.find((other) => other === name);
    if (found === undefined) throw new UsageError(`${option}: "${name}" is unknown.`);
    return found;
  });
}

const defaultNames = (isQuick: boolean, isMemory: boolean, isCheck: boolean): readonly string[] =>
  isCheck
    ? CHECKED
    : NAMES.filter((name) => !isQuick || !SLOW.includes(name) || (name === 'memory' && isMemory));

/** @throws UsageError */
export function optionsOf(args: readonly string[]): Options {
  const { quick, only, peers, check, write, profile, memory } = parsed(args);
  if (write && (only !== undefined || profile)) {
    throw new UsageError('--write needs all measurements.');
  }
  if (
    write &&
    peers !== undefined &&
    !YARDSTICKS.every((name) => peers.split(',').includes(name))
  ) {
    throw new UsageError(`--write needs the peers ${YARDSTICKS.join(', ')}.`);
  }
  const names =
    only === undefined
      ? defaultNames(quick, memory, check && !write)
      : listOf('--only', only, NAMES);
  const allPeers = quick || check ? YARDSTICKS : PEERS;
  return {
    mode: quick ? 'quick' : 'full',
    names: new Set(names),
    peers: new Set(peers === undefined ? allPeers : listOf('--peers', peers, PEERS)),
    ...{ check, write, profile },
  };
}
