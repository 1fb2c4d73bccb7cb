import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compare } from './compare.ts';
import type { Mode } from './options.ts';
import type { Own, Ratio } from './report.ts';
import { API, type Scenario, SCENARIOS } from './scenarios.ts';
import type { DatabaseSide, Peer, Side } from './sides.ts';
import type { Stand } from './stand.ts';

/** Interval at which the metrics are read (ms): that of Prometheus is fifteen times as long. */
const SCRAPE_INTERVAL_MS = 1_000;
/** Share of the requests that is traced, as docs/traces.md recommends for a busy service. */
const SAMPLED = '0.01';
const SIZES = { quick: { rounds: 8, seconds: 0.5 }, full: { rounds: 20, seconds: 1 } } as const;
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

/** Reads the metrics of a side until stopped. */
function scrape({ origin }: Side): () => void {
  const timer = setInterval(() => {
    fetch(`${origin}/metrics`).then(
      (response) => response.text(),
      () => undefined,
    );
  }, SCRAPE_INTERVAL_MS);
  return () => {
    clearInterval(timer);
  };
}

function lineOf({ name, title }: Scenario, { byCpu, ours, theirs }: Ratio): Own {
  const costs = [ours, theirs].map(
    ({ cpu, databaseCpu }) => `${(cpu + databaseCpu).toFixed(0)} µs`,
  );
  return {
    name: `observed-${name}`,
    title: `CPU: ${title}, metrics read and traces sent ÷ neither`,
    unit: '×',
    value: 1 / byCpu,
    goal: 1.03,
    details: costs.join(', '),
  };
}

/**
 * Measures the CPU time of requests to a process that is observed, metrics read and traces sent, by that
 * of one that is not.
 *
 * @param startAnother starts a process of our side with variables in addition.
 */
export async function measureObserved(
  stand: Stand,
  mode: Mode,
  startAnother: (variables?: Readonly<Record<string, string>>) => Promise<DatabaseSide>,
): Promise<Own[]> {
  const collector = await openCollector();
  const plain = await startAnother();
  const observed = await startAnother({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: SAMPLED,
  });
  const stopScraping = scrape(observed);
  const own: Own[] = [];
  try {
    for (const scenario of SCENARIOS.filter(({ name }) => NAMES.includes(name))) {
      // Compared like a peer, though both are ours.
      const peer: Peer = { name: 'bare', side: plain, subject: stand.subject, api: API };
      const pair = { ...stand, ours: observed };
      const [ratio] = await compare(pair, scenario, stand.bursts, [peer], SIZES[mode]);
      if (ratio !== undefined) own.push(lineOf(scenario, ratio));
    }
  } finally {
    stopScraping();
    await observed.service.stop();
    await plain.service.stop();
    collector.close();
  }
  if (collector.received() === 0) throw new Error('No trace was received.');
  return own;
}
