import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compare } from './compare.ts';
import { cpuOf } from './cpu.ts';
import { median } from './median.ts';
import type { Mode } from './options.ts';
import type { Own, Ratio } from './report.ts';
import { API, type Scenario, SCENARIOS } from './scenarios.ts';
import type { DatabaseSide, Peer } from './sides.ts';
import type { Stand } from './stand.ts';
import { short } from './table.ts';

/** Interval at which Prometheus reads metrics by default in most set-ups (s). */
const SCRAPE_INTERVAL = 15;
const SCRAPES = 50;
/** Share of the requests that is traced, as docs/traces.md recommends for a busy service. */
const SAMPLED = '0.01';
/**
 * Processes of the same program differ by more than the goal, so each pair is one of several. Requests
 * that are sampled are few: V8 has compiled what they run only after a while.
 */
const SIZES = {
  quick: { pairs: 3, rounds: 6, seconds: 0.5, warmUp: 3 },
  full: { pairs: 9, rounds: 6, seconds: 1, warmUp: 3 },
} as const;
const NAMES: readonly string[] = ['me', 'list', 'create'];

/** Accepts traces, and counts the requests that bring them. */
async function openCollector() {
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    request.resume().on('end', () => response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    received: () => received,
    close: () => server.close().closeAllConnections(),
  };
}

/** Measures the CPU time that reading the metrics takes of one core. */
async function measureScrapes({ origin, service }: DatabaseSide): Promise<Own> {
  const scrape = async () => (await fetch(`${origin}/metrics`)).text();
  await scrape();
  const before = cpuOf(service.pid);
  for (let n = 0; n < SCRAPES; n += 1) await scrape();
  const cpu = (cpuOf(service.pid) - before) / SCRAPES;
  return {
    name: 'observed-metrics',
    title: `CPU: metrics read every ${String(SCRAPE_INTERVAL)} s, of one core`,
    unit: '%',
    value: (cpu / (SCRAPE_INTERVAL * 1_000_000)) * 100,
    goal: 0.1,
    details: `${(cpu / 1_000).toFixed(1)} ms each`,
  };
}

function lineOf({ name, title }: Scenario, pairs: readonly Ratio[]): Own {
  const ratios = pairs.map(({ byCpu }) => 1 / byCpu);
  const sides = [pairs.map(({ ours }) => ours), pairs.map(({ theirs }) => theirs)];
  const costs = sides.map((side) => median(side.map((one) => one.cpu + one.databaseCpu)));
  return {
    name: `observed-${name}`,
    title: `CPU: ${title}, traces sent ÷ not`,
    unit: '×',
    value: median(ratios),
    goal: 1.03,
    details: [
      costs.map((cost) => `${cost.toFixed(0)} µs`).join(', '),
      `${short(Math.min(...ratios))} to ${short(Math.max(...ratios))}`,
    ].join('; '),
  };
}

/**
 * Measures the CPU time of requests to a process that sends traces by that of one that does not, and
 * of reading the metrics.
 *
 * @param startAnother starts a process of our side with variables in addition.
 */
export async function measureObserved(
  stand: Stand,
  mode: Mode,
  startAnother: (variables?: Readonly<Record<string, string>>) => Promise<DatabaseSide>,
): Promise<Own[]> {
  const collector = await openCollector();
  const traced = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: SAMPLED,
  };
  const scenarios = SCENARIOS.filter(({ name }) => NAMES.includes(name));
  const results = new Map<Scenario, Ratio[]>(scenarios.map((scenario) => [scenario, []]));
  const own: Own[] = [];
  try {
    for (let pair = 0; pair < SIZES[mode].pairs; pair += 1) {
      const plain = await startAnother();
      const observed = await startAnother(traced);
      try {
        for (const [scenario, ratios] of results) {
          // Compared like a peer, though both are ours.
          const peer: Peer = { name: 'bare', side: plain, subject: stand.subject, api: API };
          const sides = { ...stand, ours: observed };
          ratios.push(...(await compare(sides, scenario, stand.bursts, [peer], SIZES[mode])));
        }
        if (pair === 0) own.push(await measureScrapes(observed));
      } finally {
        await observed.service.stop();
        await plain.service.stop();
      }
    }
  } finally {
    collector.close();
  }
  if (collector.received() === 0) throw new Error('No trace was received.');
  return [...own, ...[...results].map(([scenario, ratios]) => lineOf(scenario, ratios))];
}
