import { Client } from 'pg';
import { withOwner } from './database.js';

/** A node of an executed plan, as printed by `explain (analyze, format json)`. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Subplan Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

export const nodesOf = (plan: PlanNode): PlanNode[] => [
  plan,
  ...(plan.Plans ?? []).flatMap(nodesOf),
];

const readsTasks = (node: PlanNode) => node['Relation Name'] === 'task';

/** Returns why a plan does not read a page from an index; empty if it does. */
export function faultsOf(plan: PlanNode, returned: number): string[] {
  const nodes = nodesOf(plan);
  const scans = nodes.filter(readsTasks);
  const read = scans.map(
    (node) =>
      node['Actual Loops'] *
      (node['Actual Rows'] +
        (node['Rows Removed by Filter'] ?? 0) +
        (node['Rows Removed by Index Recheck'] ?? 0)),
  );
  const sum = read.reduce((a, b) => a + b, 0);
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'));
  const sorted = sorts.flatMap(({ Plans = [] }) => Plans.map((node) => node['Actual Rows']));
  return [
    ...scans
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map(() => 'a sequential scan of task'),
    ...sorted.filter((rows) => rows > 2 * returned).map((rows) => `a sort of ${String(rows)} rows`),
    ...(sum > 2 * returned
      ? [`${String(sum)} rows were read for ${String(returned)} that were returned`]
      : []),
  ];
}

/** Makes PostgreSQL report the plan of every statement executed in this database. */
const LOG_PLANS = [
  `session_preload_libraries = 'auto_explain'`,
  'auto_explain.log_min_duration = 0',
  'auto_explain.log_analyze = on',
  'auto_explain.log_buffers = on',
  'auto_explain.log_timing = off',
  'auto_explain.log_format = json',
  'auto_explain.log_level = notice',
];

/**
 * Records the plans of statements that this process really sends, on connections made later,
 * whatever the protocol.
 */
export class PlanWatch {
  readonly #connect = Object.getOwnPropertyDescriptor(Client.prototype, 'connect') ?? {};
  #plans: PlanNode[] = [];

  private constructor(private readonly databaseUrl: string) {
    const connect = this.#connect.value as (...parameters: unknown[]) => unknown;
    const report = (text: string | undefined) => {
      this.#receive(text ?? '');
    };
    Object.assign(Client.prototype, {
      connect(this: Client, ...parameters: unknown[]) {
        this.on('notice', ({ message }) => {
          report(message);
        });
        return connect.apply(this, parameters);
      },
    });
  }

  static async start(databaseUrl: string): Promise<PlanWatch> {
    await setForDatabase(
      databaseUrl,
      LOG_PLANS.map((setting) => `set ${setting}`),
    );
    return new PlanWatch(databaseUrl);
  }

  async stop(): Promise<void> {
    Object.defineProperty(Client.prototype, 'connect', this.#connect);
    await setForDatabase(this.databaseUrl, ['reset all']);
  }

  /** Returns the plans of the statements of `work` that read tasks. */
  async during(work: () => Promise<unknown>): Promise<PlanNode[]> {
    this.#plans = [];
    await work();
    return this.#plans.filter((plan) => nodesOf(plan).some(readsTasks));
  }

  #receive(message: string): void {
    const json = /^duration: .* plan:\n(.*)$/s.exec(message)?.[1];
    if (json !== undefined) this.#plans.push((JSON.parse(json) as { Plan: PlanNode }).Plan);
  }
}

async function setForDatabase(url: string, changes: readonly string[]): Promise<void> {
  const database = new URL(url).pathname.slice(1);
  await withOwner(url, async (client) => {
    for (const change of changes) await client.query(`alter database ${database} ${change}`);
  });
}
