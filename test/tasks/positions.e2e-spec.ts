import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { createList, expectOrdered, idsOf, move, numbers, walk } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const MAX_POSITION_LENGTH = 100;

const app = useApp(SECRET_MODE);
const query = useOwner(() => app);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

/** Creates a task for each letter, which is its title. */
async function createAll(letters: string, fields: object = {}): Promise<TaskDto[]> {
  const tasks: TaskDto[] = [];
  for (const title of letters) tasks.push(await ada.create({ title, ...fields }));
  return tasks;
}

const walkTasks = (parameters = '') => walk<TaskDto>(ada, `/tasks?sort=position${parameters}`);
const order = async (parameters = '') =>
  (await walkTasks(parameters)).map(({ title }) => title).join('');
const moveTask = (task: TaskDto, json: object = {}) =>
  move<TaskDto>(ada, `/tasks/${task.id}`, json);

describe('positions', () => {
  it('stay short under four hundred moves to the same place, and in order', async () => {
    const listId = (await createList(ada)).id;
    const [first, last, ...movers] = (await createAll('azbcd', { listId })) as [
      TaskDto,
      TaskDto,
      ...TaskDto[],
    ];
    let [longest, rebalanced] = [0, 0];
    for (let count = 0; count < 400; count += 1) {
      const task = movers[count % movers.length] ?? last;
      const { status, body } = await moveTask(task, { after: first.id });
      expect(status).toBe(200);
      if (body.position.length < longest / 2) rebalanced += 1;
      longest = Math.max(longest, body.position.length);
    }
    expect(longest).toBeLessThanOrEqual(MAX_POSITION_LENGTH);
    expect(rebalanced).toBeGreaterThan(0);
    const found = await walkTasks(`&list=${listId}`);
    expectOrdered(found);
    // The last three moves were those of c, d and b, each to the place right after the first task.
    expect(found.map(({ title }) => title).join('')).toBe('abdcz');
    const rewritten = found.filter(({ id }) => id === first.id || id === last.id);
    for (const { version, position } of rewritten) {
      expect(version).toBeGreaterThan(1);
      expect(position.length).toBeLessThan(MAX_POSITION_LENGTH);
    }
    await createAll('e', { listId });
    expect(await order(`&list=${listId}`)).toBe('abdcze');
  }, 60_000);

  it('sort the same by their bytes in JavaScript and in PostgreSQL', async () => {
    const tasks = await createAll('abcdefgh');
    const next = numbers(3);
    for (let count = 0; count < 60; count += 1) {
      const others = [...tasks];
      const [task] = others.splice(next(others.length), 1) as [TaskDto];
      const anchor = count % 3 === 0 ? tasks[0] : others[next(others.length)];
      if (anchor === undefined || anchor === task) continue;
      await moveTask(task, { [next(2) === 0 ? 'before' : 'after']: anchor.id });
    }
    const found = await walkTasks();
    expectOrdered(found);
    const stored = await query(`select id from task where owner_id = $1 order by position`, [
      ada.id,
    ]);
    expect(stored.map(({ id }) => id)).toEqual(idsOf(found));
    const bytes = await query(
      `select id from task where owner_id = $1 order by convert_to(position, 'UTF8')`,
      [ada.id],
    );
    expect(bytes).toEqual(stored);
  });
});
