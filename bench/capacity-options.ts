import { parseArgs } from 'node:util';
import { type Kind, KINDS } from './capacity-figures.ts';
import { type Assumptions, DEFAULTS } from './capacity-model.ts';

const USERS = '10000,1000000,10000000,100000000';
const ROUNDS = '4';

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Assumptions that are one number each. */
const NUMBERS = Object.entries(DEFAULTS).filter(([, value]) => typeof value === 'number');

const USAGE = [
  'npm run bench:capacity -- [options]',
  `  --users a,b        numbers of users: ${USERS}`,
  `  --per-day a=1,b=2  requests of an active user a day: ${KINDS.map((kind) => `${kind}=${String(DEFAULTS.perDay[kind])}`).join(',')}`,
  ...NUMBERS.map(([name, value]) => `  --${kebab(name)} ${String(value)}`),
  '  --simulate         measure a mixed load, and compare its CPU time with the model',
  `  --rounds ${ROUNDS}         of that measurement`,
  '  --write            write bench/results/capacity.json from it',
].join('\n');

export class CapacityUsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n${USAGE}`);
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0))
    throw new CapacityUsageError(`--${name} must be a number above 0, not "${text}".`);
  return value;
}

function perDayOf(list: string): Record<Kind, number> {
  const perDay = { ...DEFAULTS.perDay };
  for (const entry of list.split(',').filter(Boolean)) {
    const [name = '', value = ''] = entry.split('=');
    const kind = KINDS.find((known) => known === name);
    if (kind === undefined) throw new CapacityUsageError(`--per-day: "${name}" is unknown.`);
    perDay[kind] = numberOf('per-day', value);
  }
  return perDay;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(
          NUMBERS.map(([name, value]) => [
            kebab(name),
            { type: 'string' as const, default: String(value) },
          ]),
        ),
        users: { type: 'string', default: USERS },
        'per-day': { type: 'string', default: '' },
        simulate: { type: 'boolean', default: false },
        rounds: { type: 'string', default: ROUNDS },
        write: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new CapacityUsageError(error instanceof Error ? error.message : String(error));
  }
}

export interface CapacityOptions {
  readonly users: readonly number[];
  readonly assumptions: Assumptions;
  readonly simulate: boolean;
  readonly rounds: number;
  readonly write: boolean;
}

/** @throws CapacityUsageError */
export function capacityOptionsOf(args: readonly string[]): CapacityOptions {
  const values = parsed(args);
  const given = values as Record<string, string | boolean | undefined>;
  const numbers = Object.fromEntries(
    NUMBERS.map(([name]) => [name, numberOf(kebab(name), String(given[kebab(name)]))]),
  );
  return {
    users: values.users.split(',').map((text) => numberOf('users', text)),
    assumptions: { ...DEFAULTS, ...numbers, perDay: perDayOf(values['per-day']) },
    simulate: values.simulate,
    rounds: numberOf('rounds', values.rounds),
    write: values.write,
  };
}
