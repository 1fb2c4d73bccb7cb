import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Program } from '../support/program.ts';
import { Postgres } from './postgres.ts';
import type { Scenario, Size } from './scenario.ts';
import { changes } from './scenarios/changes.ts';
import { greedy } from './scenarios/greedy.ts';
import { instances } from './scenarios/instances.ts';
import { kill, killEmbedded } from './scenarios/kill.ts';
import { network } from './scenarios/network.ts';
import { pool } from './scenarios/pool.ts';
import { embeddedKilled, postgresKilled } from './scenarios/postgres-killed.ts';
import { selfCheck } from './scenarios/self-check.ts';
import { shutdown } from './scenarios/shutdown.ts';
import { soak } from './scenarios/soak.ts';
import { stalled } from './scenarios/stalled.ts';
import { start } from './scenarios/start.ts';
import { upgrade } from './scenarios/upgrade.ts';
import { Tally } from './tally.ts';

const SCENARIOS: readonly Scenario[] = [
  selfCheck,
  kill,
  killEmbedded,
  postgresKilled,
  embeddedKilled,
  network,
  changes,
  pool,
  start,
  shutdown,
  instances,
  upgrade,
  greedy,
  stalled,
  soak,
];
const DOCUMENT = join(import.meta.dirname, '../../docs/reliability.md');
const FIGURES = /(?<=<!-- figures -->\n)[^]*(?=<!-- \/figures -->)/;
const HEAD = [
  'fault',
  'acknowledged',
  'reads',
  'lost',
  'duplicated',
  'foreign rows',
  'wrong status',
  'hung',
  'slowest response, s',
  'recovered after, s',
];

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function table(rows: readonly (readonly [title: string, tally: Tally])[]): string {
  const total = new Tally();
  for (const [, tally] of rows) total.add(tally);
  const lines = [...rows, ['**all**', total] as const].map(([title, tally]) =>
    row([title, ...tally.cells()]),
  );
  return [row(HEAD), row(HEAD.map(() => '---')), ...lines].join('\n');
}

/** Runs one scenario; whatever happens, nothing that it started is left running. */
async function run(scenario: Scenario, size: Size, extra: string[]): Promise<Tally> {
  const tally = new Tally();
  const folder = await mkdtemp(join(tmpdir(), 'taskward-faults-'));
  const postgres = await Postgres.start(join(folder, 'postgres'));
  const print = (line: string): void => {
    extra.push(line);
    say(`  ${line}`);
  };
  say(`${scenario.title(size)} …`);
  try {
    await scenario.run({ size, tally, postgres, folder, print });
  } catch (error) {
    tally.fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await Program.killAll();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  for (const note of tally.notes) say(`  ! ${note}`);
  return tally;
}

/** @throws Error that says how it is called. */
function argumentsOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      kills: { type: 'string', default: '50' },
      minutes: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '60' },
      write: { type: 'boolean', default: false },
    },
  });
  const size = {
    kills: Number(values.kills),
    minutes: Number(values.minutes),
    seconds: Number(values.seconds),
  };
  const named = SCENARIOS.filter(({ name }) => positionals.includes(name));
  const isWrong = Object.values(size).some((n) => !Number.isInteger(n) || n < 1);
  if (isWrong || named.length !== positionals.length) {
    const names = SCENARIOS.map(({ name }) => name).join(' | ');
    throw new Error(
      `npm run test:faults -- [${names}] [--kills 50] [--minutes 10] [--seconds 60] [--write]`,
    );
  }
  return { size, scenarios: named.length > 0 ? named : SCENARIOS, write: values.write };
}

async function main(args: string[]): Promise<void> {
  const { size, scenarios, write } = argumentsOf(args);
  const rows: [string, Tally][] = [];
  const minutes: string[] = [];
  for (const scenario of scenarios) {
    const extra: string[] = [];
    const tally = await run(scenario, size, extra);
    rows.push([scenario.title(size), tally]);
    if (scenario === soak) minutes.push(...extra);
    say(table(rows.slice(-1)).split('\n')[2] ?? '');
  }
  const command = ['npm run test:faults', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  const date = new Date().toISOString().slice(0, 10);
  const parts = [`${date}, \`${command}\`:`, table(rows), minutes.join('\n')];
  const figures = parts.filter(Boolean).join('\n\n');
  say(`\n${figures}`);
  if (write) {
    const text = await readFile(DOCUMENT, 'utf8');
    await writeFile(
      DOCUMENT,
      text.replace(FIGURES, () => `\n${figures}\n\n`),
    );
  }
  if (!rows.every(([, tally]) => tally.isClean)) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    // Processes are normally stopped at the end of their scenario; on an error none may remain.
    void Program.killAll().then(() => process.exit(1));
  });
main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
