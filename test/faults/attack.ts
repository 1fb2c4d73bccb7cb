import { parentPort, workerData } from 'node:worker_threads';
import { HttpClient, type Request } from './http-client.ts';
import { stallReader } from './scenarios/stalled.ts';

const {
  url,
  token,
  tasks: TASKS,
} = workerData as Readonly<Record<'url' | 'token' | 'tasks', string>>;
const CONNECTIONS = 40;

const repeated = (text: string, count: number) => Array<string>(count).fill(text).join('');

/** Requests that cost as much as one request can: valid ones, and ones that are refused late. */
function worstRequests(): Request[] {
  const create = (description: string) => ({ op: 'create', task: { title: 'ﷺ', description } });
  const batch = (operations: unknown[]) => ({
    method: 'POST',
    path: `${TASKS}/batch`,
    json: { operations },
  });
  const words = Array.from({ length: 15 }, (_, n) => String.fromCodePoint(97 + n)).join(' ');
  const members = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`m${String(n)}`, n]),
  );
  return [
    batch(Array(100).fill(create(repeated('word ', 2_000)))),
    batch(Array(33).fill(create(repeated('ﷺ', 10_000)))),
    batch(Array(100).fill({ op: 'none' })),
    { path: `${TASKS}?limit=200&sort=title&count=true&q=${encodeURIComponent(words)}` },
    { path: `${TASKS}?limit=200&sort=-due&count=true` },
    { method: 'POST', path: TASKS, json: members },
    { method: 'POST', path: TASKS, json: { title: repeated('あ', 80_000) } },
  ];
}

/** Sends the worst on many connections until it is stopped; counts the statuses. */
async function attack(signal: AbortSignal): Promise<string> {
  const client = new HttpClient(url);
  const headers = { authorization: `Bearer ${token}` };
  const counts = new Map<string, number>();
  const requests = worstRequests();
  const one = async (_: unknown, first: number) => {
    for (let n = first; !signal.aborted; n += 1) {
      const request = requests[n % requests.length] ?? { path: TASKS };
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
