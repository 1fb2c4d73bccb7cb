import { percent } from './busy.ts';
import type { DriverName } from './load.ts';
import type { Mode } from './options.ts';
import type { PeerName } from './scenarios.ts';
import { row, short, table, whole } from './table.ts';

/** Medians of all rounds. Latencies in milliseconds, CPU time in microseconds per request. */
export interface Summary {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cpu: number;
  readonly databaseCpu: number;
}

/** Ours ÷ theirs. */
export interface Ratio {
  readonly name: string;
  readonly title: string;
  readonly peer: PeerName;
  readonly driver: DriverName;
  readonly goal: number;
  /** Whether more is better, as for requests, or less, as for time. */
  readonly better: 'more' | 'less';
  readonly ratio: number;
  /** The worst and the best of single rounds. */
  readonly low: number;
  readonly high: number;
  /**
   * Theirs ÷ ours, of the CPU time per request: says more than the rate when the machine is busy. NaN
   * without /proc.
   */
  readonly byCpu: number;
  readonly ours: Summary;
  readonly theirs: Summary;
}

/** An upper bound with the same table; not a goal. */
export interface Limit {
  readonly title: string;
  readonly perSecond: number;
}

/** A figure of our side alone, which must not exceed its goal. */
export interface Own {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly value: number;
  readonly goal: number;
  /** The measurements that the figure is based on. */
  readonly details: string;
}

export interface Report {
  readonly date: string;
  readonly mode: Mode;
  readonly machine: string;
  /** The part of the machine that others used. */
  readonly busy: number;
  readonly ratios: readonly Ratio[];
  readonly limits: readonly Limit[];
  readonly own: readonly Own[];
}

const PEER_TITLES: Readonly<Record<PeerName, string>> = {
  bare: 'same schema',
  lean: 'lean schema',
  fastapi: 'FastAPI, 2 workers',
  pocketbase: 'PocketBase',
};

const COLUMNS = (Object.keys(PEER_TITLES) as PeerName[]).flatMap((peer) =>
  (['bursts', 'wrk'] as const).map((driver) => ({ peer, driver })),
);

type Column = (typeof COLUMNS)[number];

const isIn =
  ({ peer, driver }: Column) =>
  (ratio: Ratio) =>
    ratio.peer === peer && ratio.driver === driver;

const mark = (isReached: boolean) => (isReached ? '✓' : '✗');

function cell({ ratio, goal, better }: Ratio): string {
  const isMore = better === 'more';
  const isReached = isMore ? ratio >= goal : ratio <= goal;
  return `**${ratio.toFixed(2)}** ${isMore ? '≥' : '≤'} ${String(goal)} ${mark(isReached)}`;
}

/** Returns a row for each scenario, a column for each peer and driver. */
function summary(ratios: readonly Ratio[]): string {
  const columns = COLUMNS.filter((column) => ratios.some(isIn(column)));
  const head = columns.map(({ peer, driver }) => `${PEER_TITLES[peer]}, ${driver}`);
  const rows = [...new Set(ratios.map(({ title }) => title))].map((title) => {
    const ofTitle = ratios.filter((ratio) => ratio.title === title);
    const cells = columns.map((column) => {
      const ratio = ofTitle.find(isIn(column));
      return ratio === undefined ? '' : cell(ratio);
    });
    return row([title, ...cells]);
  });
  return table(['Taskward ÷', ...head], rows);
}

const DETAILS = [
  '',
  'peer',
  'driver',
  'Taskward',
  'peer',
  'lowest … highest round',
  'by CPU',
  'CPU µs, service: ours, peer',
  'CPU µs, PostgreSQL: ours, peer',
];

function detailRow(ratio: Ratio): string {
  const { title, peer, driver, better, low, high, byCpu, ours, theirs } = ratio;
  const shown = ({ perSecond, p99 }: Summary) =>
    better === 'more' ? `${whole(perSecond)}/s` : `${short(p99)} ms`;
  return row([
    ...[title, PEER_TITLES[peer], driver, shown(ours), shown(theirs)],
    `${low.toFixed(2)} … ${high.toFixed(2)}`,
    better === 'more' ? byCpu.toFixed(2) : '',
    `${whole(ours.cpu)}, ${whole(theirs.cpu)}`,
    `${whole(ours.databaseCpu)}, ${whole(theirs.databaseCpu)}`,
  ]);
}

function ownRow({ title, value, goal, unit, details }: Own): string {
  const figure = `${short(value)} ${unit}`;
  return row([title, figure, `≤ ${String(goal)} ${unit}`, mark(value <= goal), details]);
}

/** Returns the whole report as Markdown. */
export function markdown({ date, mode, machine, busy, ratios, limits, own }: Report): string {
  const command = mode === 'quick' ? 'npm run bench -- --quick' : 'npm run bench';
  const others = Number.isNaN(busy) ? '' : `, ${percent(busy)} in use by others`;
  const parts = [`${date}, \`${command}\`, ${machine}${others}:`];
  if (ratios.length > 0) parts.push(summary(ratios), table(DETAILS, ratios.map(detailRow)));
  if (limits.length > 0) {
    const rows = limits.map(({ title, perSecond }) => row([title, `${whole(perSecond)}/s`]));
    parts.push(table(['upper bounds with the same table', ''], rows));
  }
  if (own.length > 0) {
    parts.push(table(['Taskward alone', '', 'goal', '', ''], own.map(ownRow)));
  }
  return parts.join('\n\n');
}
