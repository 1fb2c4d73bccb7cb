import { describe, expect, it } from '@jest/globals';
import { openLists, readLists } from './support/list-panel.js';
import { useWeb } from './support/web.js';

const web = useWeb();

describe('a list that was changed elsewhere', () => {
  it('is shown to the person, who saves over it what they changed', async () => {
    const { list, panel, lists } = await openLists(web(), { name: 'Work' });
    const dialog = await panel.change('Work');
    const path = `/lists/${lists[0]?.id ?? ''}`;
    await list.api.send('PATCH', path, { name: 'Office', color: '#d64545' });
    await dialog.getByLabel('Name').fill('Job');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('It was changed elsewhere: “Office”.').waitFor();
    await expect(dialog.getByLabel('Name').inputValue()).resolves.toBe('Job');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await panel.link('Job').waitFor();
    await expect(readLists(list.api)).resolves.toMatchObject([{ name: 'Job', color: '#d64545' }]);
  });

  it('is not deleted before the person has seen it', async () => {
    const { list, panel, lists } = await openLists(web(), { name: 'Work' });
    const question = await panel.remove('Work');
    const path = `/lists/${lists[0]?.id ?? ''}`;
    await list.api.send('PATCH', path, { name: 'Office' });
    await question.getByRole('button', { name: 'Move them to the trash, too' }).click();
    await question.getByRole('alert').getByText('It was changed elsewhere: “Office”.').waitFor();
    await list.page.getByRole('dialog', { name: 'Delete the list “Office”?' }).waitFor();
    await question.getByRole('button', { name: 'Move them to the trash, too' }).click();
    await panel.root.getByText('No lists yet.').waitFor();
    await expect(readLists(list.api, 'trashed=true')).resolves.toMatchObject([{ name: 'Office' }]);
  });

  it('and is gone, is said to be gone', async () => {
    const { list, panel, lists } = await openLists(web(), { name: 'Work' }, { name: 'Home' });
    const dialog = await panel.change('Work');
    await list.api.send('DELETE', `/lists/${lists[0]?.id ?? ''}`);
    await dialog.getByLabel('Name').fill('Job');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('This list is not there any more.').waitFor();
    await panel.link('Work').waitFor({ state: 'detached' });
    await expect(dialog.getByLabel('Name').inputValue()).resolves.toBe('Job');
    await expect(panel.names).resolves.toEqual(['Home']);
  });
});

describe('a task', () => {
  it('whose new list was deleted elsewhere gets another one', async () => {
    const { list, lists } = await openLists(web(), { name: 'Work' }, { name: 'Home' });
    const [work, home] = lists;
    await list.api.create({ title: 'Call' });
    await list.page.reload();
    const editor = await list.edit('Call');
    await editor.getByLabel('List').selectOption('Work');
    await list.api.send('DELETE', `/lists/${work?.id ?? ''}`);
    await editor.getByRole('button', { name: 'Save' }).click();
    const dialog = list.page.getByRole('dialog', { name: 'Needs your decision' });
    await dialog.getByText('List: This list is not there any more.').waitFor();
    await dialog.getByLabel('List').selectOption('Home');
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ listId: home?.id }]);
  });

  it('of a list in the trash is restored after its list', async () => {
    const { list, lists } = await openLists(web(), { name: 'Work' });
    const [work] = lists;
    await list.api.create({ title: 'Call', listId: work?.id ?? '' });
    await list.api.send('DELETE', `/lists/${work?.id ?? ''}`);
    await list.page.goto('/trash');
    await list.row('Call').getByRole('button', { name: 'Restore “Call”' }).click();
    const dialog = list.page.getByRole('dialog', { name: 'Needs your decision' });
    await dialog.getByText('Its list or the task above it is in the trash.').waitFor();
    await dialog.getByRole('button', { name: 'Restore the list “Work”' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Call', listId: work?.id }]);
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('a name', () => {
  it.each([
    { problem: 'is missing', name: ' ', text: 'A list needs a name.' },
    { problem: 'is too long', name: 'x'.repeat(101), text: 'At most 100 characters.' },
  ])('that $problem is refused at its field', async ({ name, text }) => {
    const { list, panel } = await openLists(web());
    const dialog = await panel.add();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create list' }).click();
    await dialog.getByText(text).waitFor();
    await expect(dialog.getByLabel('Name').getAttribute('aria-invalid')).resolves.toBe('true');
    await expect(readLists(list.api)).resolves.toEqual([]);
  });
});

describe('without a network', () => {
  it('lists are shown, over a reload, and cannot be changed', async () => {
    const { list, panel } = await openLists(web(), { name: 'Work' });
    const { page } = list;
    const dialog = await panel.change('Work');
    await list.goOffline();
    await dialog.getByText('Lists can only be changed with a connection.').waitFor();
    for (const name of ['Save', 'Archive', 'Move up', 'Delete …']) {
      await expect(dialog.getByRole('button', { name }).isDisabled()).resolves.toBe(true);
    }
    await page.reload();
    await panel.link('Work').click();
    await page.getByRole('heading', { name: 'Work', level: 1 }).waitFor();
    await panel.root.getByText('Lists can only be changed with a connection.').waitFor();
    await expect(panel.root.getByRole('button', { name: 'New list' }).isDisabled()).resolves.toBe(
      true,
    );
    await list.goOnline();
    await panel.root
      .getByText('Lists can only be changed with a connection.')
      .waitFor({ state: 'detached' });
  });

  it('a task changes its list when there is a network again', async () => {
    const { list, panel, lists } = await openLists(web(), { name: 'Work' }, { name: 'Home' });
    const [work, home] = lists;
    await list.api.create({ title: 'Call', listId: work?.id ?? '' });
    await panel.link('Work').click();
    await list.row('Call').waitFor();
    await list.goOffline();
    await list.addTask('Write');
    await list.row('Write').getByRole('img', { name: 'Not sent yet' }).waitFor();
    const editor = await list.edit('Call');
    await editor.getByLabel('List').selectOption('Home');
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.row('Call').getByRole('link', { name: 'Show the list “Home”' }).waitFor();
    await panel.link('Home').click();
    await list.row('Call').waitFor();
    await list.goOnline();
    await list.sent();
    await expect(list.api.list('sort=title')).resolves.toMatchObject([
      { title: 'Call', listId: home?.id },
      { title: 'Write', listId: work?.id },
    ]);
  });

  it('a sign-out forgets the lists', async () => {
    const { list } = await openLists(web(), { name: 'Work' });
    const { page } = list;
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('**/sign-in');
    const count = await page.evaluate<number>(`new Promise((resolve) => {
      const request = indexedDB.open('taskward-lists');
      request.onsuccess = () => {
        const count = request.result.transaction('lists').objectStore('lists').count();
        count.onsuccess = () => { request.result.close(); resolve(count.result); };
      };
    })`);
    expect(count).toBe(0);
  });
});
