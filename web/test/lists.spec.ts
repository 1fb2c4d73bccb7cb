import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { type ApiList, createLists, ListPanel, readLists } from './support/list-panel.js';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

type NewList = Partial<ApiList> & { name: string };

interface Opened {
  readonly list: TaskPage;
  readonly panel: ListPanel;
  readonly lists: readonly ApiList[];
}

/** Opens all tasks as a new user, who has lists already. */
async function open(...lists: NewList[]): Promise<Opened> {
  const list = await openTasks(web());
  const made = await createLists(list.api, ...lists);
  if (made.length > 0) await list.page.reload();
  const panel = new ListPanel(list);
  await panel.root.waitFor();
  for (const { name, archived } of made) if (!archived) await panel.link(name).waitFor();
  return { list, panel, lists: made };
}

describe('the lists of the sidebar', () => {
  it('are made with a name and a colour, and shown', async () => {
    const { list, panel } = await open();
    await panel.root.getByText('No lists yet.').waitFor();
    const dialog = await panel.add();
    await dialog.getByLabel('Name').fill('  Household ');
    await dialog.getByRole('radio', { name: 'Green' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Create list' }).click();
    await list.page.getByRole('heading', { name: 'Household', level: 1 }).waitFor();
    await panel.link('Household').and(list.page.locator('[aria-current=page]')).waitFor();
    await expect(readLists(list.api)).resolves.toMatchObject([
      { name: 'Household', color: '#3f9142', archived: false },
    ]);
    await expect(list.page.title()).resolves.toBe('Household – Taskward');
  });

  it('count their open tasks, as they change', async () => {
    const { list, panel, lists } = await open({ name: 'Work' });
    await list.api.create({ title: 'Call', listId: lists[0]?.id ?? '' });
    await list.page.reload();
    await panel.link('Work 1 open task').click();
    await list.addTask('Write');
    await panel.link('Work 2 open tasks').waitFor();
    await list.row('Write').getByRole('checkbox').click();
    await panel.link('Work 1 open task').waitFor();
  });

  it('are renamed and get another colour', async () => {
    const { list, panel } = await open({ name: 'Wrok', color: '#123456' });
    const dialog = await panel.change('Wrok');
    await dialog.getByRole('radio', { name: 'Its own: #123456' }).waitFor({ state: 'attached' });
    await dialog.getByLabel('Name').fill('Work');
    await dialog.getByRole('radio', { name: 'None' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await panel.link('Work').waitFor();
    await expect(readLists(list.api)).resolves.toMatchObject([{ name: 'Work', color: null }]);
  });

  it('are archived, folded away, and brought back', async () => {
    const { list, panel } = await open({ name: 'Old' }, { name: 'New' });
    await (await panel.change('Old')).getByRole('button', { name: 'Archive' }).click();
    const fold = panel.root.getByText('Archived (1)');
    await fold.waitFor();
    await until(async () => (await panel.names).join() === 'New');
    await expect(panel.link('Old').isVisible()).resolves.toBe(false);
    await fold.click();
    const dialog = await panel.change('Old');
    await dialog.getByRole('button', { name: 'Bring back from the archive' }).click();
    await until(async () => (await panel.names).join() === 'Old,New');
    await expect(readLists(list.api, 'archived=true')).resolves.toEqual([]);
  });

  it('go to the trash with their tasks, and come back by undo', async () => {
    const { list, panel, lists } = await open({ name: 'Work' });
    await list.api.create({ title: 'Call', listId: lists[0]?.id ?? '' });
    await panel.link('Work').click();
    await list.row('Call').waitFor();
    await (await panel.change('Work')).getByRole('button', { name: 'Delete …' }).click();
    const question = list.page.getByRole('dialog', { name: 'Delete the list “Work”?' });
    await question.getByRole('button', { name: 'Move them to the trash, too' }).click();
    await list.page
      .getByRole('heading', { name: 'This list is not there any more.', level: 1 })
      .waitFor();
    await list.row('Call').waitFor({ state: 'detached' });
    await expect(list.api.list('trashed=true')).resolves.toMatchObject([{ title: 'Call' }]);
    await list.page.getByText('Moved the list “Work” to the trash').waitFor();
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.page.getByText('Restored the list “Work”').waitFor();
    await panel.link('Work 1 open task').waitFor();
    await list.row('Call').waitFor();
  });

  it('leave their tasks without a list, if asked to', async () => {
    const { list, panel, lists } = await open({ name: 'Work' });
    await list.api.create({ title: 'Call', listId: lists[0]?.id ?? '' });
    await list.page.reload();
    await (await panel.change('Work')).getByRole('button', { name: 'Delete …' }).click();
    const question = list.page.getByRole('dialog', { name: 'Delete the list “Work”?' });
    await question.getByRole('button', { name: 'Keep them, without a list' }).click();
    await panel.root.getByText('No lists yet.').waitFor();
    await list.row('Call').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Call', listId: null }]);
  });
});

describe('the page of a list', () => {
  it('shows its tasks alone, and adds to it what is added there', async () => {
    const { list, panel, lists } = await open({ name: 'Work' }, { name: 'Home' });
    const [work, home] = lists;
    await list.api.create(
      { title: 'Call', listId: work?.id ?? null },
      { title: 'Sweep', listId: home?.id ?? null },
      { title: 'Think' },
    );
    await list.page.reload();
    await list.row('Sweep').getByRole('link', { name: 'Show the list “Home”' }).waitFor();
    await panel.link('Work').click();
    await list.row('Sweep').waitFor({ state: 'detached' });
    await expect(list.titles()).resolves.toEqual(['Call']);
    await expect(list.row('Call').getByRole('link').count()).resolves.toBe(0);
    await list.addTask('Write');
    await list.row('Write').waitFor();
    await list.sent();
    await list.page.reload();
    await list.row('Write').waitFor();
    const found = await list.api.list(`list=${work?.id ?? ''}&sort=title`);
    expect(found.map(({ title }) => title)).toEqual(['Call', 'Write']);
  });

  it('says so when there is no such list', async () => {
    const { list } = await open({ name: 'Work' });
    await list.page.goto('/all?list=019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c91');
    await list.page.getByRole('heading', { name: 'This list is not there any more.' }).waitFor();
  });
});
