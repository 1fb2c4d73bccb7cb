import { cpus } from 'node:os';
import { expectEqualResponses } from './equal-responses.ts';
import { check } from './check.ts';
import { compare, compareLatency, type Size } from './compare.ts';
import { withClient } from './database.ts';
import { measureLimits } from './limits.ts';
import { type Mode, type Options, optionsOf } from './options.ts';
import { measureOwn } from './own.ts';
import { profile } from './profile.ts';
import { markdown, type Ratio, type Report } from './report.ts';
import { commit, committedRatios, save } from './results.ts';
import { SCENARIOS } from './scenarios.ts';
import { Cleanups, setUp, type Stand } from './stand.ts';

const SIZES: Record<Mode, Size> = {
  quick: { rounds: 6, seconds: 1 },
  full: { rounds: 10, seconds: 2 },
};
/** How many times longer a regression is measured before it counts. */
const AGAIN = 3;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function machineOf({ server }: Stand): Promise<string> {
  const { rows } = await withClient(server, (client) =>
    client.query<{ version: string }>(`select current_setting('server_version') as version`),
  );
  const postgres = `PostgreSQL ${rows[0]?.version.split(' ')[0] ?? ''}`;
  return `${String(cpus().length)} cores, Node ${process.versions.node}, ${postgres}`;
}

async function measure(stand: Stand, { mode, names }: Options): Promise<Report> {
  const size = SIZES[mode];
  const ratios: Ratio[] = [];
  const note = (ratio: Ratio): void => {
    ratios.push(ratio);
    const { title, low, high } = ratio;
    print(`${title}: ${ratio.ratio.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`);
  };
  // Read-only scenarios come first: writes change the table.
  for (const scenario of SCENARIOS) {
    if (names.has(scenario.name)) note(await compare(stand, scenario, size));
  }
  if (names.has('p99')) note(await compareLatency(stand, size));
  const limits = names.has('limits') ? await measureLimits(stand, { ...size, rounds: 2 }) : [];
  const own = await measureOwn(stand, names, mode);
  const date = new Date().toISOString().slice(0, 10);
  return { date, mode, machine: await machineOf(stand), ratios, limits, own };
}

/** Measures one scenario for longer. */
function measureAgain(stand: Stand, name: string, { rounds, seconds }: Size): Promise<Ratio> {
  const scenario = SCENARIOS.find((other) => other.name === name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  print(`${name} is more than 25 % below the committed ratio; measuring it again …`);
  return compare(stand, scenario, { rounds: rounds * AGAIN, seconds });
}

async function work(options: Options, cleanups: Cleanups): Promise<void> {
  const stand = await setUp(cleanups);
  await expectEqualResponses(stand.ours, stand.bare, stand.subject);
  if (options.profile) {
    await profile(stand, options.names, print);
    return;
  }
  let report = await measure(stand, options);
  let worse: string[] = [];
  if (options.check) {
    const committed = await committedRatios(options.mode);
    if (committed.length === 0) print(`No ${options.mode} run is committed: nothing to check.`);
    const again = (name: string) => measureAgain(stand, name, SIZES[options.mode]);
    const checked = await check(report.ratios, committed, again);
    report = { ...report, ratios: checked.ratios };
    ({ worse } = checked);
  }
  await save(report);
  if (options.write) await commit(report);
  print(`\n${markdown(report)}`);
  if (worse.length === 0) return;
  print(`\nMore than 25 % below the committed ratios:\n  ${worse.join('\n  ')}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const cleanups = new Cleanups();
  // Requests in flight fail when their processes exit; only the first error is printed. A closed
  // standard output arrives as an exception.
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException'] as const) {
    process.once(event, (cause: unknown) => {
      if (cause instanceof Error) process.stderr.write(`${cause.message}\n`);
      void cleanups.end().then(() => process.exit(130));
    });
  }
  try {
    await work(options, cleanups);
  } finally {
    await cleanups.end();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
