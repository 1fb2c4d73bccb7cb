import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Adds a subtask with the keys alone. */
async function addBelow(list: TaskPage, parent: string, title: string): Promise<void> {
  await list.row(parent).focus();
  await list.page.keyboard.press('s');
  const line = list.page.locator('input:focus');
  await line.waitFor();
  await list.page.keyboard.type(title);
  await list.page.keyboard.press('Enter');
  await list.row(title).waitFor();
  await list.page.keyboard.press('Escape');
  await line.waitFor({ state: 'detached' });
}

describe('without a network', () => {
  it('a task and its subtasks are made, moved and sent in order', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    await list.page.goto('/all?sort=position');
    await list.row('Milk').waitFor();
    await list.goOffline();
    await list.addTask('Party');
    await list.row('Party').waitFor();
    await addBelow(list, 'Party', 'Cake');
    await addBelow(list, 'Cake', 'Icing');
    await addBelow(list, 'Party', 'Music');
    await list.hasOutline(['Milk', 'Party', '  Cake', '    Icing', '  Music']);
    await list.row('Music').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.page.getByText('Moved “Music”: 1 of 2').waitFor();
    await list.hasFocus('Music');
    await list.row('Milk').focus();
    await list.page.keyboard.press('Alt+ArrowDown');
    const outline = ['Party', '  Music', '  Cake', '    Icing', 'Milk'];
    await list.hasOutline(outline);
    await list.page.reload();
    await list.offline.waitFor();
    await list.hasOutline(outline);

    await list.goOnline();
    await list.sent();
    await list.hasOutline(outline);
    const tasks = await list.api.list('sort=createdAt');
    const [milk, party, cake, icing, music] = tasks;
    expect(tasks).toHaveLength(5);
    expect([milk, party, cake, icing, music].map((task) => task?.title)).toEqual([
      'Milk',
      'Party',
      'Cake',
      'Icing',
      'Music',
    ]);
    expect([cake?.parentId, icing?.parentId, music?.parentId]).toEqual([
      party?.id,
      cake?.id,
      party?.id,
    ]);
    const below = await list.api.list(`sort=position&parent=${party?.id ?? ''}`);
    expect(below.map(({ title }) => title)).toEqual(['Music', 'Cake']);
  });

  it('a task that was never sent is deleted with its subtasks, and comes back with them', async () => {
    const list = await openTasks(web());
    await list.goOffline();
    await list.addTask('Party');
    await list.row('Party').waitFor();
    await addBelow(list, 'Party', 'Cake');
    await list.row('Party').focus();
    await list.page.keyboard.press('Delete');
    await list.page.getByText('Moved “Party” and all below it to the trash').waitFor();
    await until(async () => (await list.titles()).length === 0);
    await list.page.keyboard.press('u');
    await list.hasOutline(['Party', '  Cake']);
    await list.goOnline();
    await list.sent();
    await expect(list.api.list('sort=createdAt')).resolves.toMatchObject([
      { title: 'Party', version: 1 },
      { title: 'Cake', version: 1 },
    ]);
  });
});
