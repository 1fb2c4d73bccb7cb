import { BusyWatch, MAX_BUSY, percent } from './busy.ts';
import { compare, compareLatency, type Size } from './compare.ts';
import { measureLimits } from './limits.ts';
import type { LoadDriver } from './load.ts';
import type { Mode, Options } from './options.ts';
import { measureOwn } from './own.ts';
import type { Ratio, Report } from './report.ts';
import { type Scenario, SCENARIOS, YARDSTICKS } from './scenarios.ts';
import type { Peer } from './sides.ts';
import { describeMachine, type Stand } from './stand.ts';

const SIZES: Record<Mode, Size> = {
  quick: { rounds: 6, seconds: 1 },
  full: { rounds: 10, seconds: 2 },
};
/** How many times longer a regression is measured before it counts. */
const AGAIN = 3;

type Print = (line: string) => void;

/** Returns the peers that have the scenario, and that the driver is for. */
const peersOf = ({ peers }: Stand, { goals }: Scenario, driver: LoadDriver): Peer[] =>
  peers.filter(
    ({ name }) => goals[name] !== undefined && (driver.name === 'wrk' || YARDSTICKS.includes(name)),
  );

function show({ name, peer, driver, ratio, low, high }: Ratio, print: Print): void {
  const spread = `${low.toFixed(2)} … ${high.toFixed(2)}`;
  print(`${name} ÷ ${peer}, ${driver}: ${ratio.toFixed(2)} (${spread})`);
}

async function measureScenario(stand: Stand, scenario: Scenario, size: Size): Promise<Ratio[]> {
  const ratios: Ratio[] = [];
  for (const driver of stand.drivers) {
    const peers = peersOf(stand, scenario, driver);
    if (peers.length > 0) ratios.push(...(await compare(stand, scenario, driver, peers, size)));
  }
  return ratios;
}

/** @throws Error when figures are to be written, and the machine is too busy. */
function assertQuiet({ write }: Options, part: number): void {
  if (!write || !(part > MAX_BUSY)) return;
  throw new Error(`Nothing is written: others use ${percent(part)} of the machine.`);
}

/** Measures all that the options name. */
export async function measure(stand: Stand, options: Options, print: Print): Promise<Report> {
  const { mode, names } = options;
  const size = SIZES[mode];
  const watch = new BusyWatch();
  const ratios: Ratio[] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => names.has(name))) {
    const part = await watch.sample();
    print(`Before ${scenario.name}, others use ${percent(part)} of the machine.`);
    assertQuiet(options, watch.mean());
    const measured = await measureScenario(stand, scenario, size);
    for (const ratio of measured) show(ratio, print);
    ratios.push(...measured);
  }
  if (names.has('p99')) {
    const ratio = await compareLatency(stand, size);
    show(ratio, print);
    ratios.push(ratio);
  }
  const limits = names.has('limits') ? await measureLimits(stand, { ...size, rounds: 2 }) : [];
  const own = await measureOwn(stand, names, mode);
  await watch.sample();
  const busy = watch.mean();
  assertQuiet(options, busy);
  if (busy > MAX_BUSY) print(`Others used ${percent(busy)} of the machine: trust only "by CPU".`);
  const date = new Date().toISOString().slice(0, 10);
  return { date, mode, machine: await describeMachine(stand), busy, ratios, limits, own };
}

/** Measures a scenario of one peer for longer. */
export async function measureAgain(
  stand: Stand,
  { name, peer, driver: driverName }: Ratio,
  mode: Mode,
  print: Print,
): Promise<Ratio> {
  const { rounds, seconds } = SIZES[mode];
  print(`${name} ÷ ${peer}, ${driverName}: more than 25 % below the committed; measuring again …`);
  const scenario = SCENARIOS.find((other) => other.name === name);
  const driver = stand.drivers.find((other) => other.name === driverName);
  const peers = stand.peers.filter((other) => other.name === peer);
  if (!scenario || !driver) throw new Error(`There is no scenario ${name}, or no ${driverName}.`);
  const size = { rounds: rounds * AGAIN, seconds };
  const [ratio] = await compare(stand, scenario, driver, peers, size);
  if (!ratio) throw new Error(`There is no peer ${peer}.`);
  show(ratio, print);
  return ratio;
}
