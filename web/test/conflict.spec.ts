import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type ApiTask, openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Needs your decision' });

interface Conflicted {
  readonly list: TaskPage;
  readonly task: ApiTask;
}

/** Opens a list, changes its task elsewhere, and then in the page that has not seen it. */
async function conflict(): Promise<Conflicted> {
  const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk', tags: ['home'] }] });
  const [task] = await list.api.list();
  if (task === undefined) throw new Error('There is no task');
  await list.api.patch(task.id, { title: 'Soy milk', priority: 'low' });
  const editor = await list.edit('Milk');
  await editor.getByLabel('Title').fill('Oat milk');
  await editor.getByRole('button', { name: 'Save' }).click();
  await dialogOf(list.page).waitFor();
  return { list, task };
}

describe('a task that was changed elsewhere', () => {
  it('is shown in both versions', async () => {
    const { list } = await conflict();
    const rows = await dialogOf(list.page).getByRole('row').allInnerTexts();
    expect(rows.map((row) => row.split('\t'))).toEqual([
      ['', 'Yours', 'The other'],
      ['Title', 'Oat milk', 'Soy milk'],
      ['Priority', 'Low', 'Low'],
    ]);
  });

  it('becomes the person’s version if they say so, without what they did not change', async () => {
    const { list } = await conflict();
    await dialogOf(list.page).getByRole('button', { name: 'Keep yours' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([
      { title: 'Oat milk', priority: 'low', version: 3 },
    ]);
    await list.row('Oat milk').getByText('Low').waitFor();
  });

  it('stays the other version if they say so', async () => {
    const { list } = await conflict();
    await dialogOf(list.page).getByRole('button', { name: 'Keep the other' }).click();
    await list.row('Soy milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Soy milk', version: 2 }]);
  });

  it('waits for the decision, over a reload', async () => {
    const { list } = await conflict();
    await list.page.keyboard.press('Escape');
    await dialogOf(list.page).waitFor({ state: 'detached' });
    await list.row('Oat milk').getByRole('img', { name: 'Needs your decision' }).waitFor();
    await list.page.reload();
    await list.page.getByText('1 change needs your decision.').waitFor();
    await list.page.getByRole('button', { name: 'Decide' }).click();
    await dialogOf(list.page).getByRole('button', { name: 'Keep yours' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Oat milk' }]);
  });

  it('is no conflict if both did the same', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const [task] = await list.api.list();
    await list.api.patch(task?.id ?? '', { completed: true });
    await list.row('Milk').getByRole('checkbox').click();
    await list.sent();
    await expect(dialogOf(list.page).count()).resolves.toBe(0);
  });

  it('is not deleted unseen', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const [task] = await list.api.list();
    await list.api.patch(task?.id ?? '', { title: 'Soy milk' });
    await list.row('Milk').hover();
    await list.row('Milk').getByRole('button', { name: 'Move “Milk” to the trash' }).click();
    const dialog = dialogOf(list.page);
    await dialog.getByText('it was changed elsewhere first').waitFor();
    await dialog.getByRole('button', { name: 'Keep the other' }).click();
    await list.row('Soy milk').waitFor();
    await expect(list.api.list()).resolves.toHaveLength(1);
  });

  it('can be added anew if it was deleted there', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const [task] = await list.api.list();
    await list.api.delete(task?.id ?? '');
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await editor.getByRole('button', { name: 'Save' }).click();
    await dialogOf(list.page).getByRole('button', { name: 'Add as a new task' }).click();
    await list.row('Oat milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Oat milk', version: 1 }]);
  });

  it('is found out one by one when many are changed at once', async () => {
    const tasks = ['A', 'B', 'C'].map((title) => ({ title }));
    const list = await openTasks(web(), '/all', { tasks });
    const stale = (await list.api.list()).find(({ title }) => title === 'B');
    await list.api.patch(stale?.id ?? '', { title: 'B2' });
    await list.page.keyboard.press('Control+a');
    await list.page.getByRole('toolbar').getByRole('button', { name: 'Complete' }).click();
    const dialog = dialogOf(list.page);
    await dialog.getByText('“B” was changed elsewhere').waitFor();
    await dialog.getByRole('button', { name: 'Keep yours' }).click();
    await list.sent();
    const completed = await list.api.list('completed=true&sort=title');
    expect(completed.map(({ title }) => title)).toEqual(['A', 'B2', 'C']);
  });
});

describe('a change that the server refuses', () => {
  it('is shown with the reason, and can be mended', async () => {
    const list = await openTasks(web());
    // Breaks a rule that only the server knows.
    await list.page.route('**/api/v1/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      return route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          status: 422,
          code: 'validation_failed',
          title: 'x',
          detail: 'The body breaks a rule.',
          errors: [{ pointer: '/title', code: 'too_odd', detail: 'must not be odd' }],
        }),
      });
    });
    await list.addTask('odd');
    await list.page.getByText('1 change needs your decision.').waitFor();
    await list.row('odd').waitFor();
    await list.page.getByRole('button', { name: 'Decide' }).click();
    const dialog = dialogOf(list.page);
    await dialog.getByText('Title: must not be odd').waitFor();
    await list.page.unroute('**/api/v1/tasks');
    await dialog.getByLabel('Title').fill('even');
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'even' }]);
  });
});
