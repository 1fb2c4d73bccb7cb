/** Prints what numbers of users need, and measures how right that is: docs/scaling.md. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAPACITY_FILE, committedFigures, type Cost } from './capacity-figures.ts';
import { demandOf } from './capacity-model.ts';
import { CapacityUsageError, capacityOptionsOf } from './capacity-options.ts';
import { costsTable, demandTable } from './capacity-table.ts';
import { Cleanups } from './cleanups.ts';
import { openServer } from './database.ts';
import { median } from './median.ts';

const MAX_DIFFERENCE = 0.25;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const shown = ({ node, database }: Cost) =>
  `Node ${node.toFixed(0)} µs, PostgreSQL ${database.toFixed(0)} µs`;

/** Compares the model with a mixed load; returns whether they agree. */
async function compare(options: ReturnType<typeof capacityOptionsOf>): Promise<boolean> {
  const { scaled, simulate } = await import('./capacity-simulation.ts');
  const cleanups = new Cleanups();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'taskward-capacity-'));
    cleanups.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const server = await openServer(join(folder, 'postgres'));
    cleanups.add(() => server.stop());
    const { perDay } = options.assumptions;
    const simulation = await simulate(server.url, folder, cleanups, { perDay, ...options });
    const { costs, pairs, changeBytes } = simulation;
    for (const [kind, cost] of Object.entries(costs)) print(`${kind}: ${shown(cost)}`);
    print(`log: ${changeBytes.toFixed(0)} bytes an entry`);
    for (const { predicted, measured } of pairs)
      print(`a request of the mix: predicted ${shown(predicted)}; measured ${shown(measured)}`);
    const total = ({ node, database }: Cost) => node + database;
    const ratio = median(pairs.map((pair) => total(pair.predicted) / total(pair.measured)));
    print(`predicted ÷ measured: ${ratio.toFixed(2)}`);
    if (options.write) {
      const list = committedFigures({ isComplete: false }).costs.list;
      await writeFile(CAPACITY_FILE, `${JSON.stringify(scaled(simulation, list), null, 2)}\n`);
    }
    return Math.abs(ratio - 1) <= MAX_DIFFERENCE;
  } finally {
    await cleanups.end();
  }
}

try {
  const options = capacityOptionsOf(process.argv.slice(2));
  if (options.simulate) {
    if (!(await compare(options))) process.exitCode = 1;
  } else {
    const figures = committedFigures();
    print(costsTable(options.assumptions, figures));
    print('');
    print(demandTable(options.users.map((users) => demandOf(users, figures, options.assumptions))));
  }
} catch (error) {
  if (!(error instanceof CapacityUsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
