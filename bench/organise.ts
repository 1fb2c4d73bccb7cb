import { run } from './compare.ts';
import type { Result } from './driver.ts';
import { median } from './median.ts';
import type { Mode } from './options.ts';
import type { Own } from './report.ts';
import { API, CONNECTIONS, LIST, request } from './scenarios.ts';
import type { Side } from './sides.ts';
import type { Stand } from './stand.ts';

/** Tasks of the list, as many as in the other list of which a page is read. */
const LISTED = 100;
const ROUNDS = 6;

const RECURRENCE = { rule: 'FREQ=DAILY', timeZone: 'UTC' };

/** Sends JSON; returns the ids in the response: of one, or of the results of a batch. */
async function post(side: Side, token: string, path: string, json: object): Promise<string[]> {
  const response = await fetch(`${side.origin}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  const body = (await response.json()) as { id: string; results?: { task: { id: string } }[] };
  return body.results?.map(({ task }) => task.id) ?? [body.id];
}

/** Measurements, and the one each is divided by. */
async function requestsOf(side: Side, token: string) {
  const [listId = ''] = await post(side, token, '/api/v1/lists', { name: 'Household' });
  const create = (fields: object) => ({ op: 'create', task: { title: 'Buy milk', ...fields } });
  const batch = (count: number, fields: object) =>
    post(side, token, `${API.tasks}/batch`, {
      operations: Array.from({ length: count }, () => create(fields)),
    });
  const ids = await batch(LISTED, { listId });
  const recurring = await batch(CONNECTIONS, { due: '2999-01-01', recurrence: RECURRENCE });
  const body = (value: object, type = 'application/json') => ({
    type,
    text: JSON.stringify(value),
  });
  const of = (method: string, path: string, json?: ReturnType<typeof body>) =>
    request(method, path, token, json);
  return {
    list: [of('GET', LIST)],
    one: [of('GET', `${LIST}&list=${listId}&sort=position`)],
    position: [of('GET', `${LIST}&sort=position`)],
    toggle: ids.slice(0, CONNECTIONS).map((id) => of('PATCH', `${API.tasks}/${id}/complete`)),
    // Each connection moves its task before one that stays: positions between two grow, and are shortened.
    move: ids
      .slice(0, CONNECTIONS)
      .map((id, i) =>
        of('POST', `${API.tasks}/${id}/move`, body({ before: ids[CONNECTIONS + i] })),
      ),
    repeat: recurring.map((id) => of('PATCH', `${API.tasks}/${id}/complete`)),
  };
}

const LINES = [
  {
    name: 'list-of-list',
    title: 'list of one list, in its order',
    part: 'one',
    of: 'list',
    goal: 1.25,
  },
  { name: 'position', title: 'list by `position`', part: 'position', of: 'list', goal: 1.25 },
  { name: 'move', title: 'move beside a task', part: 'move', of: 'toggle', goal: 10 },
  {
    name: 'repeat',
    title: 'complete, or reopen, a recurring task',
    part: 'repeat',
    of: 'toggle',
    goal: 10,
  },
] as const;

const cpuOf = ({ cpu, databaseCpu }: Result) => cpu + databaseCpu;

/** Measures lists, order and recurrence, each by the CPU time of what it is an extension of. */
export async function measureOrganising(stand: Stand, mode: Mode): Promise<Own[]> {
  const { ours } = stand;
  const all = await requestsOf(ours, stand.subject.writer);
  const seconds = mode === 'quick' ? 0.5 : 2;
  const load = (part: keyof typeof all) => ({
    connections: CONNECTIONS,
    seconds,
    requests: all[part],
  });
  const own: Own[] = [];
  for (const { name, title, part, of, goal } of LINES) {
    const pairs: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const base = cpuOf(await run(stand, ours, load(of)));
      pairs.push([cpuOf(await run(stand, ours, load(part))), base]);
    }
    const value = median(pairs.map(([cpu, base]) => cpu / base));
    const [cpu, base] = [0, 1].map((i) => median(pairs.map((pair) => pair[i] ?? Number.NaN)));
    const details = `${(cpu ?? 0).toFixed(0)} µs, ${(base ?? 0).toFixed(0)} µs`;
    const than = of === 'list' ? 'list of 20' : 'complete, or reopen, a task';
    own.push({ name, title: `CPU: ${title} ÷ ${than}`, unit: '×', value, goal, details });
  }
  return own;
}
