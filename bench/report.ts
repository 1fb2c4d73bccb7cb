import type { Mode } from './options.ts';

/** Medians of all rounds. Latencies in milliseconds, CPU time in microseconds per request. */
export interface Summary {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly databaseCpu: number;
}

/** Ours ÷ bare. */
export interface Ratio {
  readonly name: string;
  readonly title: string;
  readonly goal: number;
  /** Whether more is better, as for requests, or less, as for time. */
  readonly better: 'more' | 'less';
  readonly ratio: number;
  /** The worst and the best of single rounds. */
  readonly low: number;
  readonly high: number;
  readonly ours: Summary;
  readonly bare: Summary;
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
  readonly ratios: readonly Ratio[];
  readonly limits: readonly Limit[];
  readonly own: readonly Own[];
}

const isReached = ({ ratio, goal, better }: Ratio): boolean =>
  better === 'more' ? ratio >= goal : ratio <= goal;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const rule = (cells: readonly string[]) => row(cells.map((_, i) => (i === 0 ? '---' : '---:')));
const whole = (value: number) =>
  Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en');
const short = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));

const HEAD = [
  '',
  'Taskward',
  'bare',
  'ours ÷ bare',
  'lowest … highest round',
  'goal',
  '',
  'by CPU',
  'CPU µs, Node: ours, bare',
  'CPU µs, PostgreSQL: ours, bare',
];

/**
 * Returns the ratio of CPU times per request, which says more than the rate when the machine is
 * busy.
 */
const byCpu = ({ ours, bare }: Ratio): number =>
  (bare.cpu + bare.databaseCpu) / (ours.cpu + ours.databaseCpu);

function ratioRow(figure: Ratio): string {
  const { title, better, ratio, low, high, goal, ours, bare } = figure;
  const shown = ({ perSecond, p99 }: Summary) =>
    better === 'more' ? `${whole(perSecond)}/s` : `${short(p99)} ms`;
  return row([
    title,
    shown(ours),
    shown(bare),
    `**${ratio.toFixed(2)}**`,
    `${low.toFixed(2)} … ${high.toFixed(2)}`,
    `${better === 'more' ? '≥' : '≤'} ${String(goal)}`,
    isReached(figure) ? '✓' : '✗',
    better === 'more' ? byCpu(figure).toFixed(2) : '',
    `${whole(ours.cpu)}, ${whole(bare.cpu)}`,
    `${whole(ours.databaseCpu)}, ${whole(bare.databaseCpu)}`,
  ]);
}

function ownRow({ title, value, goal, unit, details }: Own): string {
  const mark = value <= goal ? '✓' : '✗';
  return row([title, `${short(value)} ${unit}`, `≤ ${String(goal)} ${unit}`, mark, details]);
}

const table = (head: readonly string[], rows: readonly string[]) =>
  [row(head), rule(head), ...rows].join('\n');

/** Returns the whole report as Markdown. */
export function markdown({ date, mode, machine, ratios, limits, own }: Report): string {
  const command = mode === 'quick' ? 'npm run bench -- --quick' : 'npm run bench';
  const parts = [`${date}, \`${command}\`, ${machine}:`];
  if (ratios.length > 0) parts.push(table(HEAD, ratios.map(ratioRow)));
  if (limits.length > 0) {
    const rows = limits.map(({ title, perSecond }) => row([title, `${whole(perSecond)}/s`]));
    parts.push(table(['upper bounds with the same table', ''], rows));
  }
  if (own.length > 0) {
    parts.push(table(['Taskward alone', '', 'goal', '', ''], own.map(ownRow)));
  }
  return parts.join('\n\n');
}
