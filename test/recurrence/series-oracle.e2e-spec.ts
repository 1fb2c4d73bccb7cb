import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);

const DAY = 86_400_000;
const FIRST = Date.parse('2999-01-01');
const INTERVAL = 3;
const COUNT = 6;
const recurrence = { rule: `FREQ=DAILY;INTERVAL=${INTERVAL};COUNT=${COUNT}`, timeZone: 'UTC' };

/** A task as the contract describes it: the model that responses are compared with. */
interface Model {
  id: string;
  title: string;
  /** In days since the first date. */
  due: number;
  /** Dates that `COUNT` still allows. */
  left: number;
  completed: boolean;
  isTouched: boolean;
  isRecurring: boolean;
  seriesId: string | null;
  /** The next task that completing has created. */
  next: Model | undefined;
}

type Action = 'complete' | 'reopen' | 'skip' | 'rename' | 'postpone' | 'end';

const dayOf = (due: number) => new Date(FIRST + due * DAY).toISOString().slice(0, 10);

const shown = ({ id, title, due, completed, isRecurring, seriesId }: Model) => ({
  id,
  title,
  due: dayOf(due),
  completed,
  isRecurring,
  seriesId,
});

/** A user's tasks: each action is done by the API, and to the model. */
class Series {
  readonly tasks: Model[] = [];

  constructor(private readonly user: TestUser) {}

  async start(): Promise<void> {
    const { id } = await this.user.create({ title: 'Water', due: dayOf(0), recurrence });
    const model = { id, title: 'Water', due: 0, left: COUNT - 1, completed: false };
    this.tasks.push({
      ...model,
      isTouched: false,
      isRecurring: true,
      seriesId: id,
      next: undefined,
    });
  }

  /** Does an action; returns pairs of what the API shows, and what the model expects. */
  async run(action: Action, index: number): Promise<[actual: unknown, expected: unknown][]> {
    const task = this.tasks[index % this.tasks.length];
    const pairs = task === undefined ? [] : await this.#actions[action](task);
    const { data } = await this.user.list('?limit=200');
    const stored = data.map(({ id, title, due, completed, recurrence: rule, seriesId }) => {
      return { id, title, due, completed, isRecurring: rule !== null, seriesId };
    });
    return [...pairs, [stored.sort(byId), this.tasks.map(shown).sort(byId)]];
  }

  readonly #actions: Record<
    Action,
    (task: Model) => Promise<[actual: unknown, expected: unknown][]>
  > = {
    complete: async (task) => {
      const { nextTaskId } = await this.#patch(task, { completed: true });
      const isFirst = !task.completed && task.isRecurring && task.next === undefined;
      Object.assign(task, { completed: true, isTouched: true });
      if (isFirst && task.left > 0) this.#follow(task, String(nextTaskId));
      return [[nextTaskId, task.isRecurring ? (task.next?.id ?? null) : undefined]];
    },
    reopen: async (task) => {
      await this.#patch(task, { completed: false });
      const { next } = task;
      const isRetracted = task.completed && task.isRecurring && next?.isTouched === false;
      if (task.completed) Object.assign(task, { completed: false, isTouched: true });
      if (isRetracted) {
        this.tasks.splice(this.tasks.indexOf(next), 1);
        task.next = undefined;
      }
      return [];
    },
    skip: async (task) => {
      const { status } = await this.user.api(`/tasks/${task.id}/skip`, { method: 'POST' });
      const isEnded = task.completed || !task.isRecurring || task.left === 0;
      if (!isEnded) {
        Object.assign(task, { due: task.due + INTERVAL, left: task.left - 1, isTouched: true });
      }
      return [[status, isEnded ? 409 : 200]];
    },
    rename: async (task) => {
      const title = `${task.title.slice(0, 20)}!`;
      await this.#patch(task, { title });
      Object.assign(task, { title, isTouched: true });
      return [];
    },
    postpone: async (task) => {
      const due = task.due + 1;
      await this.#patch(task, { due: dayOf(due) });
      Object.assign(task, { due, left: COUNT - 1, isTouched: true });
      return [];
    },
    end: async (task) => {
      await this.#patch(task, { recurrence: null });
      const ended = { isRecurring: false, seriesId: null, next: undefined, isTouched: true };
      if (task.isRecurring) Object.assign(task, ended);
      return [];
    },
  };

  #follow(task: Model, id: string): void {
    const due = task.due + INTERVAL;
    const next = { ...task, id, due, left: task.left - 1, completed: false, isTouched: false };
    task.next = { ...next, next: undefined };
    this.tasks.push(task.next);
  }

  async #patch({ id }: Model, json: object): Promise<TaskDto> {
    return (await this.user.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json })).body;
  }
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

const actions: Action[] = [
  'complete',
  'complete',
  'complete',
  'reopen',
  'reopen',
  'skip',
  'rename',
  'postpone',
  'end',
];

it('a series is what a model of it is, after any sequence of actions', async () => {
  const step = fc.record({ action: fc.constantFrom(...actions), index: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const series = new Series(await mintUser(app.url, crypto.randomUUID()));
      await series.start();
      for (const { action, index } of steps) {
        for (const [actual, expected] of await series.run(action, index)) {
          expect(actual).toEqual(expected);
        }
      }
    }),
    { numRuns: 40 },
  );
});
