import { type Figures, KINDS } from './capacity-figures.ts';
import type { Assumptions, Demand } from './capacity-model.ts';
import { row, table, whole } from './table.ts';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Formats a number of bytes with the largest unit that leaves a whole part. */
function bytes(value: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const shown = value / 1_000 ** power;
  return `${shown.toFixed(shown < 10 ? 1 : 0)} ${UNITS[power] ?? ''}`;
}

const rate = (value: number) => (value < 100 ? value.toPrecision(2) : whole(value));

/** Returns what each kind of request costs, and how often it is sent, as Markdown. */
export const costsTable = ({ perDay }: Assumptions, { costs }: Figures): string =>
  table(
    ['request', 'a day', 'Node (µs)', 'PostgreSQL (µs)'],
    KINDS.map((kind) =>
      row([kind, String(perDay[kind]), whole(costs[kind].node), whole(costs[kind].database)]),
    ),
  );

/** Returns what each number of users needs, as Markdown. */
export const demandTable = (demands: readonly Demand[]): string =>
  table(
    [
      'users',
      'requests/s',
      'streams',
      'instances',
      'PostgreSQL cores',
      'connections',
      'tasks',
      'log',
      'PostgreSQL',
    ],
    demands.map((demand) =>
      row([
        whole(demand.users),
        rate(demand.requestsPerSecond),
        whole(demand.streams),
        whole(demand.instances),
        whole(demand.databaseCores),
        whole(demand.connections),
        bytes(demand.taskBytes),
        bytes(demand.logBytes),
        demand.step,
      ]),
    ),
  );
