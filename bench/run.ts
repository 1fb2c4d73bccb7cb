import { check, exceeded } from './check.ts';
import { Cleanups } from './cleanups.ts';
import { expectEqualResponses } from './equal-responses.ts';
import { measure, measureAgain } from './measure.ts';
import { type Options, optionsOf } from './options.ts';
import { profile } from './profile.ts';
import { markdown } from './report.ts';
import { commit, committedRatios, save } from './results.ts';
import { setUp } from './stand.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function work(options: Options, cleanups: Cleanups): Promise<void> {
  const stand = await setUp(cleanups, options.peers, print);
  await expectEqualResponses(stand);
  if (options.profile) {
    await profile(stand, options.names, print);
    return;
  }
  let report = await measure(stand, options, print);
  let worse: string[] = [];
  if (options.check) {
    const committed = await committedRatios(options.mode);
    if (committed.length === 0) print(`No ${options.mode} run is committed: nothing to check.`);
    const checked = await check(report.ratios, committed, (ratio) =>
      measureAgain(stand, ratio, options.mode, print),
    );
    report = { ...report, ratios: checked.ratios };
    worse = [...checked.worse, ...exceeded(report.own)];
  }
  await save(report);
  if (options.write) await commit(report);
  print(`\n${markdown(report)}`);
  if (worse.length === 0) return;
  print(`\nBy CPU more than 25 % below the committed ratio:\n  ${worse.join('\n  ')}`);
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
