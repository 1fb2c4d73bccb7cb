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
  const list = await openTasks(web(), '/all', {
    isDeaf: true,
    tasks: [{ title: 'Milk', tags: ['home'] }],
  });
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
    const list = await openTasks(web(), '/all', { isDeaf: true, tasks: [{ title: 'Milk' }] });
    const [task] = await list.api.list();
    await list.api.patch(task?.id ?? '', { completed: true });
    await list.row('Milk').getByRole('checkbox').click();
    await list.sent();
    await expect(dialogOf(list.page).count()).resolves.toBe(0);
  });

  it('is not deleted unseen', async () => {
    const list = await openTasks(web(), '/all', { isDeaf: true, tasks: [{ title: 'Milk' }] });
    const [task] = await list.api.list();
    await list.api.patch(task?.id ?? '', { title: 'Soy milk' });
    await list.row('Milk').hover();
    await list.row('Milk').getByRole('button', { name: 'Move “Milk” to the trash' }).click();
    const dialog = dialogOf(list.page);
    await dialog.getByText('it was changed elsewhere first').waitFor();
    await dialog.getByRole('button', { name: 'Keep the other' }).click();
    await list.row('Soy milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toHaveLength(1);
    // It is where it belongs without a connection, too.
    await list.goOffline();
    await list.page.goto('/all');
    await list.offline.waitFor();
    await list.row('Soy milk').waitFor();
    await list.page.getByRole('link', { name: 'Trash' }).click();
    await list.page.getByRole('heading', { name: 'Trash', level: 1 }).waitFor();
    await list.offline.waitFor();
    await expect(list.rows.count()).resolves.toBe(0);
  });

  it('can be added anew if it was deleted there', async () => {
    const list = await openTasks(web(), '/all', { isDeaf: true, tasks: [{ title: 'Milk' }] });
    await list.renameDeleted('Milk', 'Oat milk');
    await dialogOf(list.page).getByRole('button', { name: 'Add as a new task' }).click();
    await list.row('Oat milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Oat milk', version: 1 }]);
  });

  it('is found out one by one when many are changed at once', async () => {
    const tasks = ['A', 'B', 'C'].map((title) => ({ title }));
    const list = await openTasks(web(), '/all', { isDeaf: true, tasks });
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
    const list = await openTasks(web(), '/all', { isDeaf: true });
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

describe('a new task whose response was lost', () => {
  it('is not sent again after a day unless the person says so', async () => {
    const list = await openTasks(web(), '/all', { isDeaf: true });
    const { page } = list;
    let posts = 0;
    const tried = Promise.withResolvers<true>();
    await page.route('**/api/v1/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      posts += 1;
      await route.fetch();
      tried.resolve(true);
      return route.abort('connectionreset');
    });
    await list.addTask('Milk');
    await tried.promise;
    await page.goto('/health/live');
    await page.evaluate(AGE_ATTEMPTS);
    posts = 0;
    await page.goto('/all');
    await dialogOf(page).getByText('It may be among your tasks already.').waitFor();
    expect(posts).toBe(0);
    await page.unroute('**/api/v1/tasks');
    await dialogOf(page).getByRole('button', { name: 'Add it again' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toHaveLength(2);
  });
});

/** Moves the first attempts of all changes a day back, as another tab would write it. */
const AGE_ATTEMPTS = `new Promise((resolve) => {
  const request = indexedDB.open('taskward');
  request.onsuccess = () => {
    const transaction = request.result.transaction(['changes', 'revisions'], 'readwrite');
    const changes = transaction.objectStore('changes');
    const revisions = transaction.objectStore('revisions');
    changes.getAll().onsuccess = ({ target }) => {
      for (const change of target.result)
        changes.put({ ...change, sentAt: change.sentAt - 24 * 60 * 60 * 1000 });
    };
    revisions.getAll().onsuccess = ({ target }) => {
      for (const { user, revision } of target.result) revisions.put({ user, revision: revision + 1 });
    };
    transaction.oncomplete = () => { request.result.close(); resolve(); };
  };
})`;
