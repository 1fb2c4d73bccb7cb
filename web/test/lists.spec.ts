import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { ListPanel, type NewList, openLists, readLists } from './support/list-panel.js';
import { openTasks } from './support/task-page.js';
import { day, useWeb } from './support/web.js';

const web = useWeb();

const open = (...lists: NewList[]) => openLists(web(), ...lists);

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
    const question = await panel.remove('Work');
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
    const question = await panel.remove('Work');
    await question.getByRole('button', { name: 'Keep them, without a list' }).click();
    await panel.root.getByText('No lists yet.').waitFor();
    await list.row('Call').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Call', listId: null }]);
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await panel.link('Work 1 open task').waitFor();
    await list.row('Call').getByRole('link', { name: 'Show the list “Work”' }).waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ listId: lists[0]?.id }]);
  });
});

describe('on a phone', () => {
  it('a drawer has the lists, and makes way for messages', async () => {
    const list = await openTasks(web(), '/all', { viewport: { width: 390, height: 850 } });
    const { page } = list;
    const panel = new ListPanel(list);
    const lists = page.getByRole('button', { name: 'Lists' });
    await lists.click();
    const dialog = await panel.add();
    await panel.root.waitFor({ state: 'detached' });
    await dialog.getByLabel('Name').fill('Work');
    await dialog.getByRole('button', { name: 'Create list' }).click();
    await page.getByRole('heading', { name: 'Work', level: 1 }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await lists.click();
    const question = await panel.remove('Work');
    await question.getByRole('button', { name: 'Move them to the trash, too' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Work', level: 1 }).waitFor();
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
    await list.row('Call').waitFor();
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

describe('a task', () => {
  it('is moved to another list, or to none', async () => {
    const { list, lists } = await open(
      { name: 'Work' },
      { name: 'Home' },
      { name: 'Old', archived: true },
    );
    const [work, home] = lists;
    await list.api.create({ title: 'Call', listId: work?.id ?? '' });
    await list.page.reload();
    const choice = async (name: string) => {
      const editor = await list.edit('Call');
      await editor.getByLabel('List').selectOption(name);
      await editor.getByRole('button', { name: 'Save' }).click();
      await list.sent();
    };
    const editor = await list.edit('Call');
    const names = await editor.getByLabel('List').getByRole('option').allTextContents();
    expect(names).toEqual(['No list', 'Work', 'Home']);
    await list.page.keyboard.press('Escape');
    await choice('Home');
    await list.row('Call').getByRole('link', { name: 'Show the list “Home”' }).waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ listId: home?.id }]);
    await choice('No list');
    await expect(list.api.list()).resolves.toMatchObject([{ listId: null }]);
    await list.page.keyboard.press('u');
    await list.row('Call').getByRole('link', { name: 'Show the list “Home”' }).waitFor();
  });
});

describe('tasks that are selected', () => {
  it('are moved to a list by one batch, and back by undo', async () => {
    const { list, panel, lists } = await open({ name: 'Work' }, { name: 'Home' });
    const [work, home] = lists;
    await list.api.create(
      { title: 'Call', listId: work?.id ?? '' },
      { title: 'Sweep', listId: home?.id ?? '' },
      { title: 'Think' },
    );
    const { page } = list;
    await page.reload();
    await list.row('Think').waitFor();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') sent.push(new URL(request.url()).pathname);
    });
    await page.keyboard.press('Control+a');
    const bar = page.getByRole('toolbar', { name: '3 selected' });
    await bar.getByRole('button', { name: 'Move to list' }).click();
    const dialog = page.getByRole('dialog', { name: 'Move 3 tasks to which list?' });
    await dialog.getByRole('button', { name: 'Home' }).click();
    await page.getByText('Moved 2 tasks to the list “Home”').waitFor();
    await list.sent();
    await panel.link('Home 3 open tasks').waitFor();
    expect(sent).toEqual(['/api/v1/tasks/batch']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await panel.link('Home 1 open task').waitFor();
    await list.sent();
    await expect(list.api.list('sort=title')).resolves.toMatchObject([
      { title: 'Call', listId: work?.id },
      { title: 'Sweep', listId: home?.id },
      { title: 'Think', listId: null },
    ]);
  });

  it('take their subtasks along, and leave their parent behind', async () => {
    const { list, lists } = await open({ name: 'Work' });
    const [work] = lists;
    const [trip, house] = await list.api.create({ title: 'Trip' }, { title: 'House' });
    await list.api.create(
      { title: 'Book', parentId: trip?.id ?? '' },
      { title: 'Paint', parentId: house?.id ?? '' },
    );
    const { page } = list;
    await page.reload();
    for (const title of ['Trip', 'Book', 'Paint']) {
      const name = `Edit “${title}”`;
      await list
        .row(title)
        .getByRole('button', { name })
        .click({ modifiers: ['Control'] });
    }
    await page.getByRole('toolbar', { name: '3 selected' }).waitFor();
    await page.keyboard.press('v');
    const dialog = page.getByRole('dialog', { name: 'Move 3 tasks to which list?' });
    await dialog.getByRole('button', { name: 'Work' }).click();
    await page.getByText('Moved 2 tasks to the list “Work”').waitFor();
    await list.sent();
    await expect(list.api.list('sort=title')).resolves.toMatchObject([
      { title: 'Book', listId: work?.id, parentId: trip?.id },
      { title: 'House', listId: null },
      { title: 'Paint', listId: work?.id, parentId: null },
      { title: 'Trip', listId: work?.id },
    ]);
    await page.keyboard.press('u');
    await page.getByText(/^Undone/).waitFor();
    await list.sent();
    await expect(list.api.list('sort=title')).resolves.toMatchObject([
      { title: 'Book', listId: null, parentId: trip?.id },
      { title: 'House', listId: null },
      { title: 'Paint', listId: null, parentId: house?.id },
      { title: 'Trip', listId: null },
    ]);
  });
});

describe('the filter by list', () => {
  it('is in the address, and finds tasks without one', async () => {
    const { list, lists } = await open({ name: 'Work' });
    const [work] = lists;
    await list.api.create(
      { title: 'Call', listId: work?.id ?? '', due: day(0) },
      { title: 'Think', due: day(0) },
    );
    await list.page.goto('/today');
    await list.row('Think').waitFor();
    await list.page.getByRole('button', { name: 'Filters and sort' }).click();
    const choice = list.page.getByRole('combobox', { name: 'List' });
    await choice.selectOption('Work');
    await list.row('Think').waitFor({ state: 'detached' });
    expect(new URL(list.page.url()).searchParams.get('list')).toBe(work?.id);
    await choice.selectOption('No list');
    await list.row('Think').waitFor();
    await expect(list.titles()).resolves.toEqual(['Think']);
    await list.page.getByRole('button', { name: 'Clear filters' }).click();
    await list.row('Call').waitFor();
  });
});

describe('the trash', () => {
  it('has lists, which are restored with their tasks', async () => {
    const { list, panel, lists } = await open({ name: 'Work' });
    const [work] = lists;
    await list.api.create({ title: 'Call', listId: work?.id ?? '' });
    await list.api.send('DELETE', `/lists/${work?.id ?? ''}`);
    await list.page.goto('/trash');
    await list.row('Call').waitFor();
    await list.page.getByRole('button', { name: 'Restore the list “Work”' }).click();
    await list.page.getByText('Restored the list “Work”').waitFor();
    await panel.link('Work 1 open task').waitFor();
    await list.row('Call').waitFor({ state: 'detached' });
    await list.page
      .getByRole('region', { name: 'Lists in the trash' })
      .waitFor({ state: 'detached' });
  });

  it('has lists deleted for good, once that is confirmed', async () => {
    const { list, lists } = await open({ name: 'Work' });
    await list.api.send('DELETE', `/lists/${lists[0]?.id ?? ''}`);
    await list.page.goto('/trash');
    await list.page.getByRole('button', { name: 'Delete the list “Work” for good' }).click();
    const dialog = list.page.getByRole('dialog', { name: 'Delete for good?' });
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await list.page
      .getByRole('region', { name: 'Lists in the trash' })
      .waitFor({ state: 'detached' });
    await expect(readLists(list.api, 'trashed=true')).resolves.toEqual([]);
  });
});
