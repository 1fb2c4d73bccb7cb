import { deepEqual, equal, partialDeepStrictEqual } from 'node:assert/strict';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import type { TestUser } from './client.js';

/** Numbers that look random, and are the same in each run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One user at several instances, who knows what each response must be. */
export class KnowingClient {
  readonly #tasks = new Map<string, TaskDto>();
  readonly #trash = new Map<string, TaskDto>();
  readonly #random: (below: number) => number;
  #turn = 0;

  constructor(
    private readonly name: string,
    private readonly doors: readonly TestUser[],
    seed: number,
  ) {
    this.#random = numbersFrom(seed);
  }

  /** Each instance in turn. */
  get #door(): TestUser {
    this.#turn += 1;
    const door = this.doors[this.#turn % this.doors.length];
    if (door === undefined) throw new Error('There are no instances.');
    return door;
  }

  #any(tasks: ReadonlyMap<string, TaskDto>): TaskDto | undefined {
    return [...tasks.values()][this.#random(tasks.size)];
  }

  readonly #actions = [
    () => this.#create(),
    () => this.#create(),
    () => this.#read(),
    () => this.#patch(),
    () => this.#complete(),
    () => this.#delete(),
    () => this.#restore(),
    () => this.#list(''),
    () => this.#list('?completed=true', (task) => task.completed),
    () => this.#list('?tags=odd&sort=createdAt', (task) => task.tags.includes('odd')),
    () => this.#list(`?q=${this.name}&priority=high`, (task) => task.priority === 'high'),
    () => this.#list('?trashed=true', undefined, this.#trash),
    () => this.#batch(),
  ];

  async step(action: number): Promise<void> {
    await this.#actions[action % this.#actions.length]?.();
  }

  async run(steps: number): Promise<void> {
    for (let n = 0; n < steps; n += 1) await this.step(this.#random(this.#actions.length));
    await this.#list('');
  }

  async #create(): Promise<void> {
    const n = this.#random(1000);
    const json = {
      title: `${this.name} ${String(n)}`,
      tags: n % 2 === 1 ? ['odd'] : [],
      priority: n % 3 === 0 ? 'high' : 'none',
    };
    const { status, body } = await this.#door.api<TaskDto>('/tasks', { method: 'POST', json });
    partialDeepStrictEqual({ status, body }, { status: 201, body: json });
    this.#tasks.set(body.id, body);
  }

  async #read(): Promise<void> {
    const task = this.#any(this.#tasks);
    if (task === undefined) return;
    const { status, body } = await this.#door.api<TaskDto>(`/tasks/${task.id}`);
    deepEqual({ status, body }, { status: 200, body: task });
  }

  async #change(task: TaskDto, path: string, json: object, expected: Partial<TaskDto>) {
    const { status, body } = await this.#door.api<TaskDto>(`/tasks/${task.id}${path}`, {
      method: 'PATCH',
      json,
    });
    const { updatedAt, completedAt } = body;
    deepEqual(
      { status, body },
      {
        status: 200,
        body: Object.assign({}, task, expected, { updatedAt, completedAt }),
      },
    );
    this.#tasks.set(task.id, body);
  }

  async #patch(): Promise<void> {
    const task = this.#any(this.#tasks);
    if (task === undefined) return;
    const title = `${this.name} again ${String(task.version)}`;
    await this.#change(task, '', { title }, { title, version: task.version + 1 });
  }

  async #complete(): Promise<void> {
    const task = this.#any(this.#tasks);
    if (task === undefined) return;
    const completed = !task.completed;
    const version = task.version + 1;
    await this.#change(task, '/complete', { completed }, { completed, version });
  }

  async #delete(): Promise<void> {
    const task = this.#any(this.#tasks);
    if (task === undefined) return;
    const isForGood = this.#random(2) === 0;
    const query = isForGood ? '?permanent=true' : '';
    const { status } = await this.#door.api(`/tasks/${task.id}${query}`, { method: 'DELETE' });
    equal(status, 204);
    this.#tasks.delete(task.id);
    if (!isForGood) this.#trash.set(task.id, task);
    equal((await this.#door.api(`/tasks/${task.id}`)).status, 404);
  }

  async #restore(): Promise<void> {
    const task = this.#any(this.#trash);
    if (task === undefined) return;
    const path = `/tasks/${task.id}/restore`;
    const { status, body } = await this.#door.api<TaskDto>(path, { method: 'POST' });
    deepEqual({ status, title: body.title }, { status: 200, title: task.title });
    this.#trash.delete(task.id);
    this.#tasks.set(task.id, body);
  }

  async #list(
    query: string,
    isIn: (task: TaskDto) => boolean = () => true,
    tasks: ReadonlyMap<string, TaskDto> = this.#tasks,
  ): Promise<void> {
    const limit = `${query}${query === '' ? '?' : '&'}limit=200`;
    const { status, body } = await this.#door.api<TaskPageDto>(`/tasks${limit}`);
    equal(status, 200);
    const idsOf = (all: readonly TaskDto[]) => all.map(({ id }) => id).sort();
    deepEqual(idsOf(body.data), idsOf([...tasks.values()].filter(isIn)));
  }

  async #batch(): Promise<void> {
    const titles = [1, 2].map((n) => `${this.name} of a batch ${String(n)}`);
    const operations = titles.map((title) => ({ op: 'create', task: { title } }));
    const { status, body } = await this.#door.api<{ results: { task: TaskDto }[] }>(
      '/tasks/batch',
      { method: 'POST', json: { operations } },
    );
    equal(status, 200);
    deepEqual(
      body.results.map(({ task }) => task.title),
      titles,
    );
    for (const { task } of body.results) this.#tasks.set(task.id, task);
  }
}
