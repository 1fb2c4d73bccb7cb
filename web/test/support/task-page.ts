import assert from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { until } from '../../../test/support/until.js';
import type { Person, Web } from './web.js';

export interface ApiTask {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly priority: string;
  readonly recurrence?: object | null;
  readonly due: string | null;
  readonly tags: readonly string[];
  readonly listId: string | null;
  readonly parentId: string | null;
  readonly version: number;
}

/** The API as the user of a browser, beside the page. */
export class TaskApi {
  constructor(private readonly context: BrowserContext) {}

  async create(...tasks: (Partial<ApiTask> & { title: string })[]): Promise<ApiTask[]> {
    const made: ApiTask[] = [];
    for (let i = 0; i < tasks.length; i += 100) {
      const operations = tasks.slice(i, i + 100).map((task) => ({ op: 'create', task }));
      const { results } = await this.send<{ results: { task: ApiTask }[] }>(
        'POST',
        '/tasks/batch',
        { operations },
      );
      made.push(...results.map(({ task }) => task));
    }
    return made;
  }

  async list(query = ''): Promise<ApiTask[]> {
    const { data } = await this.send<{ data: ApiTask[] }>('GET', `/tasks?limit=200&${query}`);
    return data;
  }

  /** Returns the id of the task of a title; an empty one if there is none. */
  async idOf(title: string): Promise<string> {
    return (await this.list()).find((task) => task.title === title)?.id ?? '';
  }

  /** Changes a task as another device does. */
  patch(id: string, patch: Partial<ApiTask>): Promise<ApiTask> {
    return this.send('PATCH', `/tasks/${id}`, patch);
  }

  async delete(id: string): Promise<void> {
    await this.send('DELETE', `/tasks/${id}`);
  }

  /** Sends a request to the API, and returns its body. */
  async send<T>(method: string, path: string, data?: object): Promise<T> {
    const { token } = (await (await this.context.request.get('/api/auth/token')).json()) as {
      token: string;
    };
    const headers = { authorization: `Bearer ${token}` };
    const options = { method, headers, ...(data && { data }) };
    const response = await this.context.request.fetch(`/api/v1${path}`, options);
    assert.ok(response.ok(), `${method} ${path}: ${String(response.status())}`);
    return (response.status() === 204 ? undefined : await response.json()) as T;
  }
}

/** The list of a user's tasks in a browser. */
export class TaskPage {
  #isOffline = false;

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly api: TaskApi,
    readonly person: Person,
  ) {}

  get add(): Locator {
    return this.page.getByRole('textbox', { name: 'New task' });
  }

  get rows(): Locator {
    const grid = this.page.getByRole('grid', { name: 'Tasks' });
    const tree = this.page.getByRole('treegrid', { name: 'Tasks' });
    return grid.or(tree).getByRole('row');
  }

  row(title: string): Locator {
    return this.page.getByRole('row', { name: title, exact: true });
  }

  /** The line about a connection that is not there. */
  get offline(): Locator {
    return this.page.getByText('No connection.');
  }

  get editor(): Locator {
    return this.page.getByRole('form', { name: 'Edit task' });
  }

  /** Takes the network away, once the worker is there: the browser reports one that it cannot fetch. */
  async goOffline(): Promise<void> {
    await workerReady(this.page);
    await this.context.setOffline(true);
    this.#isOffline = true;
  }

  async goOnline(): Promise<void> {
    this.#isOffline = false;
    await this.context.setOffline(false);
  }

  /** Enters a task; without a network it waits for the line that says so, which moves the rows. */
  async addTask(line: string): Promise<void> {
    await this.add.fill(line);
    await this.add.press('Enter');
    if (this.#isOffline) await this.offline.waitFor();
  }

  async edit(title: string): Promise<Locator> {
    await this.row(title)
      .getByRole('button', { name: `Edit “${title}”` })
      .click();
    await this.editor.waitFor();
    return this.editor;
  }

  /** Saves another title of a task that was deleted elsewhere: the change needs a decision. */
  async renameDeleted(title: string, newTitle: string): Promise<void> {
    const task = (await this.api.list()).find((other) => other.title === title);
    await this.api.delete(task?.id ?? '');
    const editor = await this.edit(title);
    await editor.getByLabel('Title').fill(newTitle);
    await editor.getByRole('button', { name: 'Save' }).click();
  }

  /** Resolves once the server has every change; a line that was entered may be on its way to the queue. */
  async sent(): Promise<void> {
    await until(
      async () =>
        !(await this.page.evaluate<boolean>(IS_ADDING)) &&
        (await countStored(this.page, 'changes')) === 0,
    );
  }

  /** Returns the titles of the rows, each with its level in the tree. */
  async outline(): Promise<string[]> {
    return this.rows.evaluateAll((rows) =>
      (rows as unknown as { ariaLabel: string; ariaLevel: string | null }[]).map(
        ({ ariaLabel, ariaLevel }) => '  '.repeat(Number(ariaLevel ?? 1) - 1) + ariaLabel,
      ),
    );
  }

  /** Resolves once the rows are these, as `outline()` returns them. */
  async hasOutline(outline: readonly string[]): Promise<void> {
    await until(async () => JSON.stringify(await this.outline()) === JSON.stringify(outline));
  }

  /** Resolves once the element of this name has the focus. */
  async hasFocus(name: string): Promise<void> {
    const focused = () => this.page.evaluate<string | null>('document.activeElement.ariaLabel');
    await until(async () => (await focused()) === name);
  }

  async titles(): Promise<string[]> {
    return this.rows.evaluateAll((rows) =>
      rows.map((row) => (row as unknown as { ariaLabel: string }).ariaLabel),
    );
  }
}

const IS_ADDING = "Object.keys(sessionStorage).some((key) => key.endsWith(':adding'))";

/** Returns the number of changes that wait in the browser, or of tasks that it has seen. */
export const countStored = (page: Page, store: 'changes' | 'tasks'): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    const request = indexedDB.open('taskward');
    request.onsuccess = () => {
      const count = request.result.transaction('${store}').objectStore('${store}').count();
      count.onsuccess = () => { request.result.close(); resolve(count.result); };
    };
  })`);

/** Keeps a browser from following changes elsewhere, as a proxy does that lets nothing of the log through. */
export const deafen = (context: BrowserContext): Promise<unknown> =>
  context.route('**/api/v1/changes**', (route) => route.abort());

/** Opens a view as a new user, who may have tasks already. */
export async function openTasks(
  web: Web,
  path = '/all',
  {
    tasks = [],
    isDeaf = false,
    ...options
  }: BrowserContextOptions & {
    tasks?: (Partial<ApiTask> & { title: string })[];
    /** Whether the page does not follow changes elsewhere. */
    isDeaf?: boolean;
  } = {},
): Promise<TaskPage> {
  const context = await web.newBrowser(options);
  if (isDeaf) await deafen(context);
  const person = await web.signUp(context);
  const api = new TaskApi(context);
  if (tasks.length > 0) await api.create(...tasks);
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const list = new TaskPage(page, context, api, person);
  if (tasks.length > 0 && path === '/all') await list.rows.first().waitFor();
  return list;
}

/** Opens a list in the person's order, once it has all of its tasks: the browser may have seen some before. */
export async function openOrdered(
  web: Web,
  titles: readonly string[],
  options: { isDeaf?: boolean } = {},
): Promise<TaskPage> {
  const list = await openTasks(web, '/trash', options);
  for (const title of titles) await list.api.create({ title });
  await list.page.goto('/all?sort=position');
  await list.hasOutline(titles);
  return list;
}

/** Waits for the worker that serves the client without a network. */
export async function workerReady(page: Page): Promise<void> {
  const isReady = () => page.evaluate<boolean>('navigator.serviceWorker.controller !== null');
  // A worker that could not be loaded is registered at the next visit.
  await until(isReady, 15_000).catch(() => page.reload());
  await until(isReady);
}
