import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { createDatabase } from '../support/database.js';
import { createWithKey } from '../support/idempotency.js';
import { Program } from '../support/program.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const WRITERS = 8;
const EACH = 60;
/** Answers after which the program is killed, in the middle of the others. */
const KILL_AFTER = 100;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-crash-'));
});
afterEach(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

it('a client that sends everything again after SIGKILL has each task once', async () => {
  const DATABASE_URL = await createDatabase();
  const variables = { ...SECRET_MODE, DATABASE_URL, RATE_LIMIT: 'off' };
  const acknowledged = new Map<string, string>();
  const lost = new Set<string>();

  /** Sends every task of a writer, one after the other, each with its name as the key. */
  async function write(url: string, writer: number, onResponse: () => void): Promise<void> {
    const ada = await mintUser(url, 'ada');
    for (let n = 0; n < EACH; n += 1) {
      const key = `${String(writer)}-${String(n)}`;
      const { status, text } = await createWithKey({ url }, ada, key, { title: key });
      expect(status).toBe(201);
      const { id } = JSON.parse(text) as TaskDto;
      if (acknowledged.has(key) && acknowledged.get(key) !== id) lost.add(key);
      acknowledged.set(key, id);
      onResponse();
    }
  }
  const writeAll = (url: string, onResponse: () => void = () => undefined) =>
    Promise.allSettled(Array.from({ length: WRITERS }, (_, n) => write(url, n, onResponse)));

  const first = new Program(variables, folder);
  let killed: Promise<unknown> | undefined;
  await writeAll(await first.ready(), () => {
    if (acknowledged.size >= KILL_AFTER) killed ??= first.kill('SIGKILL');
  });
  await killed;
  expect(acknowledged.size).toBeLessThan(WRITERS * EACH);

  const url = await new Program(variables, folder).ready();
  const outcomes = await writeAll(url);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect([...lost]).toEqual([]);

  const ada = await mintUser(url, 'ada');
  const titles: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await ada.list(`?limit=200${cursor && `&cursor=${cursor}`}`);
    titles.push(...page.data.map(({ title }) => title));
    cursor = page.nextCursor;
  }
  expect(titles.sort()).toEqual([...acknowledged.keys()].sort());
  expect(titles).toHaveLength(WRITERS * EACH);
});
