import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Database, ROOT } from './database.ts';
import type { Peer, Side } from './sides.ts';

const execute = promisify(execFile);

/** Builds are kept here, each in a folder that names its version. */
const CACHE = join(ROOT, 'node_modules/.cache/bench-peers');
const BUILD_TIMEOUT_MS = 15 * 60_000;

/** A peer cannot be built here: its tool or its registry is missing. */
export class UnavailableError extends Error {}

/** The context in which an external peer starts. */
export interface ExternalContext {
  readonly ours: Side;
  readonly folder: string;
  readonly subject: Peer['subject'];
  /** Returns a copy of the lean database. */
  readonly copyLean: () => Promise<Database>;
}

/** Runs a program to its end; its output is part of the error. */
export async function runTool(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await execute(program, args, { timeout: BUILD_TIMEOUT_MS, env: { ...process.env, ...env } });
}

/** Marks a build that has been completed. */
const COMPLETE = '.complete';

/**
 * Builds into the cache, unless a completed build is there; returns the folder.
 *
 * @throws UnavailableError
 */
export async function buildOnce(
  name: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(join(folder, COMPLETE))) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await build(folder);
    await writeFile(join(folder, COMPLETE), '');
    return folder;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UnavailableError(reason);
  }
}

/** Returns the tasks of a page, whatever it is called. */
function rowsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  const { data, items } = body as { data?: unknown[]; items?: unknown[] };
  return data ?? items ?? [];
}

/** @throws Error when an external peer does not do what it is measured at. */
export async function expectWorking({ name, side, subject, api }: Peer): Promise<void> {
  const send = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const { method = 'GET' } = init;
    const token = method === 'POST' ? subject.writer : subject.token;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${side.origin}${path}`, { headers, ...init });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new Error(`${name}: ${path}: ${String(response.status)} ${text.slice(0, 500)}`);
  };
  for (const path of [api.list, api.filtered]) {
    const rows = rowsOf(await send(path)).length;
    if (rows !== 20) throw new Error(`${name}: ${path} has ${String(rows)} rows, not 20.`);
  }
  const titleOf = (task: unknown) => (task as { title?: string }).title;
  const path = `${api.tasks}/${subject.changeable[0] ?? ''}`;
  const created = await send(api.tasks, { method: 'POST', body: JSON.stringify(api.newTask) });
  const patch = { method: 'PATCH', body: JSON.stringify({ title: 'Buy oat milk' }) };
  const titles = [titleOf(created), titleOf(await send(path, patch)), titleOf(await send(path))];
  if (titles.join() === 'Buy milk,Buy oat milk,Buy oat milk') return;
  throw new Error(`${name}: titles come back as ${titles.join()}.`);
}
