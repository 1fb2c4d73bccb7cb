import { parentPort, workerData } from 'node:worker_threads';
import { BATCHES, BODIES, searches } from '../../bench/bounds-cases.ts';
import { HttpClient, type Request } from './http-client.ts';
import { stallReader } from './scenarios/stalled.ts';

const { url, token } = workerData as Readonly<Record<'url' | 'token', string>>;
const CONNECTIONS = 40;

const SEARCHES = 20;

/** Requests that cost as much as one request can: valid ones, and ones that are refused late. */
const requests: readonly Request[] = [...BATCHES, ...searches(SEARCHES), ...BODIES].map(
  ({ method, path, body }) => ({ method, path: `/api/v1${path}`, text: body }),
);

/** Sends the worst on many connections until it is stopped; counts the statuses. */
async function attack(signal: AbortSignal): Promise<string> {
  const client = new HttpClient(url);
  const headers = { authorization: `Bearer ${token}` };
  const counts = new Map<string, number>();
  const one = async (_: unknown, first: number) => {
    for (let n = first; !signal.aborted; n += 1) {
      const request = requests[n % requests.length] ?? { path: '/api/v1/tasks' };
      const { status } = await client.send({ ...request, headers });
      counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
    }
  };
  const readers = Array.from({ length: CONNECTIONS }, () => stallReader(url, token));
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  for (const reader of readers) reader.destroy();
  client.close();
  return [...counts]
    .sort()
    .map(([status, count]) => `${status}: ${String(count)}`)
    .join(', ');
}

const stop = new AbortController();
parentPort?.once('message', () => {
  stop.abort();
});
parentPort?.postMessage(await attack(stop.signal));
