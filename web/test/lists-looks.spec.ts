import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriers, capture, overflow } from './support/inspect.js';
import { createLists, ListPanel, type NewList } from './support/list-panel.js';
import { openTasks } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb();

const LISTS: NewList[] = [
  { name: 'Household', color: '#3f9142' },
  { name: 'Work', color: '#123456' },
  { name: `A name that goes on and on, ${'as some do, '.repeat(5)}`.trim() },
  { name: 'Archived', archived: true },
];

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  const isPhone = suffix.startsWith('phone');

  /** Opens all tasks, some of which are in lists, and shows the lists. */
  async function open() {
    const list = await openTasks(web(), '/all', look);
    const [house, work, long] = await createLists(list.api, ...LISTS);
    await list.api.create(
      { title: 'Call the office', listId: work?.id ?? null, tags: ['phone'], priority: 'high' },
      { title: 'Sweep', listId: house?.id ?? null },
      { title: `A title that ${'goes on and on, and '.repeat(6)}ends`, listId: long?.id ?? null },
      { title: 'Think' },
    );
    await list.page.reload();
    await list.row('Sweep').getByRole('link', { name: 'Show the list “Household”' }).waitFor();
    return { list, page: list.page, panel: new ListPanel(list) };
  }

  async function showLists(page: Page, panel: ListPanel) {
    if (isPhone) await page.getByRole('button', { name: 'Lists' }).click();
    await panel.link('Work').waitFor();
  }

  async function check(page: Page, name: string) {
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `${name}-${suffix}`);
  }

  it('the lists, and the page of one, keep nobody out', async () => {
    const { list, page, panel } = await open();
    await check(page, 'all-with-lists');
    await showLists(page, panel);
    await panel.root.getByText('Archived (1)').click();
    await panel.link('Archived').waitFor();
    await check(page, 'lists');
    await panel.link('Work').click();
    await list.row('Sweep').waitFor({ state: 'detached' });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await check(page, 'list');
    const editor = await list.edit('Call the office');
    await editor.getByLabel('List').waitFor();
    await check(page, 'list-editing');
  });

  it('the dialogs of lists keep nobody out', async () => {
    const { page, panel } = await open();
    await showLists(page, panel);
    const added = await panel.add();
    await added.getByRole('button', { name: 'Create list' }).click();
    await added.getByText('A list needs a name.').waitFor();
    await check(page, 'list-new');
    await added.getByRole('button', { name: 'Cancel' }).click();
    await panel.change('Work');
    await check(page, 'list-change');
    await page
      .getByRole('dialog', { name: 'Change list' })
      .getByRole('button', { name: 'Delete …' })
      .click();
    await page.getByRole('dialog', { name: 'Delete the list “Work”?' }).waitFor();
    await check(page, 'list-delete');
  });

  it('the choice of a list, and lists in the trash, keep nobody out', async () => {
    const { list, page } = await open();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Move to list' }).click();
    await page.getByRole('dialog', { name: 'Move 4 tasks to which list?' }).waitFor();
    await check(page, 'list-choice');
    const [house] = (await list.api.send<{ data: { id: string }[] }>('GET', '/lists')).data;
    await list.api.send('DELETE', `/lists/${house?.id ?? ''}`);
    await page.goto('/trash');
    const name = 'Delete the list “Household” for good';
    await page.getByRole('button', { name }).waitFor();
    await list.row('Sweep').waitFor();
    await check(page, 'trash-with-lists');
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog', { name: 'Delete for good?' }).waitFor();
    await check(page, 'list-delete-for-good');
  });
});

it('the lists speak German', async () => {
  const list = await openTasks(web(), '/all', { locale: 'de-DE' });
  const { page } = list;
  await page.getByRole('button', { name: 'Neue Liste' }).click();
  const dialog = page.getByRole('dialog', { name: 'Neue Liste' });
  await dialog.getByLabel('Name').fill('Haushalt');
  await dialog.getByRole('radio', { name: 'Grün' }).waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Liste anlegen' }).click();
  await page.getByRole('button', { name: 'Liste „Haushalt“ ändern' }).waitFor();
  // The change log may have told of the list before the response did.
  await page.getByRole('heading', { name: 'Haushalt', level: 1 }).waitFor();
  await expect(page.title()).resolves.toBe('Haushalt – Taskward');
});
