import { describe, expect, it } from '@jest/globals';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const TASKS = ['A', 'B', 'C', 'D'].map((title) => ({ title }));

const selectedOf = (list: TaskPage, count: number) =>
  list.page.getByRole('toolbar', { name: `${count} selected` });

describe('a selection', () => {
  it('is a range from one click to the next with Shift', async () => {
    const list = await openTasks(web(), '/all', { tasks: TASKS });
    const title = (name: string) => list.row(name).getByRole('button', { name: `Edit “${name}”` });
    await title('C').click({ modifiers: ['Control'] });
    await selectedOf(list, 1).waitFor();
    await title('A').click({ modifiers: ['Shift'] });
    await selectedOf(list, 3).getByRole('button', { name: 'Complete' }).click();
    await list.page.getByText('Completed 3 tasks').waitFor();
    await list.sent();
    const open = await list.api.list('completed=false');
    expect(open.map((task) => task.title)).toEqual(['D']);
  });

  it('is made by the mouse in the trash, too', async () => {
    const list = await openTasks(web(), '/trash');
    for (const { id } of await list.api.create(...TASKS)) await list.api.delete(id);
    await list.page.reload();
    const title = (name: string) => list.row(name).getByRole('button', { name, exact: true });
    await title('A').click();
    await selectedOf(list, 1).waitFor();
    await title('C').click({ modifiers: ['Shift'] });
    await selectedOf(list, 3).getByRole('button', { name: 'Restore' }).click();
    await list.page.getByText('Restored 3 tasks').waitFor();
    await list.sent();
    const restored = await list.api.list('sort=title');
    expect(restored.map((task) => task.title)).toEqual(['A', 'B', 'C']);
  });

  it('completes and deletes many at once, and undoes it', async () => {
    const titles = Array.from({ length: 230 }, (_, i) => `Task ${i}`);
    const list = await openTasks(web(), '/all', { tasks: titles.map((title) => ({ title })) });
    const { page } = list;
    await page.keyboard.press('Control+a');
    const bar = page.getByRole('toolbar', { name: '230 selected' });
    await bar.getByRole('button', { name: 'Complete' }).click();
    await page.getByText('Completed 230 tasks').waitFor();
    await list.sent();
    await expect(list.api.list('completed=false')).resolves.toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: 230 tasks').waitFor();
    await list.sent();
    await expect(list.api.list('completed=true')).resolves.toEqual([]);
    await page.keyboard.press('Control+a');
    await bar.getByRole('button', { name: 'Move to trash' }).click();
    await page.getByText('No open tasks.').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toEqual([]);
  });

  it('about which nothing changes is not reported, and is nothing to undo', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const { keyboard } = list.page;
    const message = list.page.getByText('Changed “Milk”');
    await keyboard.press('t');
    await message.waitFor();
    await list.page.getByRole('button', { name: 'Dismiss' }).click();
    await message.waitFor({ state: 'detached' });
    // The task is due today already.
    await keyboard.press('t');
    await keyboard.press('u');
    await list.page.getByText('Undone: “Milk”').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ due: null }]);
  });
});
