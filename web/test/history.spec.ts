import { describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { barriers, capture, overflow } from './support/inspect.js';
import { type ApiTask, openTasks, type TaskPage } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb();

const MILK = { title: 'Milk', due: '2999-01-01', tags: ['shop'] };

interface Opened {
  readonly list: TaskPage;
  readonly task: ApiTask;
}

/** Opens a task that has three versions. */
async function openMilk(look = {}): Promise<Opened> {
  const list = await openTasks(web(), '/all', { ...look, tasks: [MILK] });
  const [{ id } = { id: '' }] = await list.api.list();
  await list.api.patch(id, { title: 'Oat milk', due: '2999-01-02' });
  const task = await list.api.patch(id, { priority: 'high', description: 'From the market' });
  await list.row('Oat milk').getByText('Has notes').waitFor();
  return { list, task };
}

async function openHistory(list: TaskPage): Promise<Locator> {
  await list.page.keyboard.press('j');
  await list.page.keyboard.press('h');
  const drawer = list.page.getByRole('dialog', { name: /^History of/ });
  await drawer.getByText('Present version').waitFor();
  return drawer;
}

const textsOf = async (drawer: Locator) =>
  (await drawer.getByRole('definition').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));

describe('the history of a task', () => {
  it('shows who made each version, when, and what it changed', async () => {
    const { list } = await openMilk();
    const drawer = await openHistory(list);
    const versions = drawer.getByRole('listitem');
    expect(await versions.getByRole('heading').allInnerTexts()).toEqual([
      'Changed',
      'Changed',
      'Added',
    ]);
    expect(await textsOf(versions.nth(1))).toEqual([
      'Milk → becomes Oat milk',
      '1 Jan 2999 → becomes 2 Jan 2999',
    ]);
    await versions.nth(0).getByText('Version 3').waitFor();
    await versions.nth(0).getByText(/^by /).waitFor();
    expect(await textsOf(versions.nth(2))).toContain('Milk');
  });

  it('restores a version, which the message undoes', async () => {
    const { list, task } = await openMilk();
    const drawer = await openHistory(list);
    await drawer.getByRole('button', { name: 'Restore this version: 1' }).click();
    await list.page.getByText('Restored version 1 of “Oat milk”').waitFor();
    await list.row('Milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([
      { ...MILK, priority: 'none', version: 4 },
    ]);
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.row('Oat milk').waitFor();
    await list.sent();
    const { title, due, priority, description } = task;
    await expect(list.api.list()).resolves.toMatchObject([
      { title, due, priority, description, version: 5 },
    ]);
  });

  it('grows while it is open', async () => {
    const { list, task } = await openMilk();
    const drawer = await openHistory(list);
    await list.api.patch(task.id, { completed: true });
    await drawer.getByRole('heading', { name: 'Completed' }).waitFor();
    await list.page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  it('is opened from the editor, too', async () => {
    const { list } = await openMilk();
    const editor = await list.edit('Oat milk');
    await editor.getByRole('button', { name: 'History' }).click();
    await list.page.getByRole('dialog', { name: 'History of “Oat milk”' }).waitFor();
  });

  it('says that it cannot be read without a connection', async () => {
    const { list } = await openMilk();
    await list.goOffline();
    await list.page.keyboard.press('j');
    await list.page.keyboard.press('h');
    const drawer = list.page.getByRole('dialog', { name: /^History of/ });
    await drawer.getByText('The history could not be read').waitFor();
    await list.goOnline();
    await drawer.getByRole('button', { name: 'Try again' }).click();
    await drawer.getByText('Present version').waitFor();
  });

  it.each(LOOKS)('keeps nobody out on a $suffix', async ({ look, suffix }) => {
    const { list } = await openMilk(look);
    await openHistory(list);
    expect(await barriers(list.page)).toEqual([]);
    expect(await overflow(list.page)).toBe(0);
    await capture(list.page, `history-${suffix}`);
  });
});
