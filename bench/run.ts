import { check, exceeded, missing } from './check.ts';
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
  if (options.check && (await committedRatios(options.mode)).length === 0) {
    throw new Error(`No ${options.mode} run is committed, so there is nothing to check.`);
  }
  const stand = await setUp(cleanups, options.peers, print);
  await expectEqualResponses(stand);
  if (options.profile) {
    await profile(stand, options.names, print);
    return;
  }
  let report = await measure(stand, options, print);
  const failures: string[] = [];
  if (options.check) {
    const committed = await committedRatios(options.mode);
    const checked = await check(report.ratios, committed, (ratio) =>
      measureAgain(stand, ratio, options.mode, print),
    );
    report = { ...report, ratios: checked.ratios };
    failures.push(
      ...checked.worse.map((line) => `by CPU more than 25 % below the committed ratio: ${line}`),
      ...missing(report.ratios, committed, options).map((line) => `not measured: ${line}`),
      ...exceeded(report.own).map((line) => `above its goal: ${line}`),
    );
  }
  await save(report);
  if (options.write) await commit(report);
  print(`\n${markdown(report)}`);
  if (failures.length === 0) return;
  print(`\n${failures.join('\n')}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const cleanups = new Cleanups();
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
