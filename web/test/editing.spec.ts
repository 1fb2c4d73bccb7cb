import { describe, expect, it } from '@jest/globals';
import { openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

describe('a task in its place', () => {
  it('is edited: title, notes, due, priority and tags', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await editor
      .getByLabel('Notes', { exact: true })
      .fill('See https://example.org/milk.\n<b>two</b>');
    await editor.getByLabel('Date').fill('2030-12-24');
    await editor.getByLabel('Time').fill('18:30');
    await editor.getByText('High').click();
    await editor.getByLabel('Tags').fill('shop');
    await editor.getByLabel('Tags').press('Enter');
    const link = editor.getByRole('link', { name: 'https://example.org/milk' });
    await expect(link.getAttribute('rel')).resolves.toContain('noopener');
    await expect(editor.getByRole('link').count()).resolves.toBe(1);
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.row('Oat milk').getByText('24 Dec 2030, 18:30').waitFor();
    await list.sent();
    const [task] = await list.api.list();
    expect(task).toMatchObject({
      title: 'Oat milk',
      description: 'See https://example.org/milk.\n<b>two</b>',
      due: '2030-12-24T17:30:00.000Z',
      priority: 'high',
      tags: ['shop'],
      version: 2,
    });
  });

  it('shows the rules that an edit breaks, and saves nothing', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill(' ');
    await editor.getByText('A task needs a title.').waitFor();
    await editor.getByLabel('Notes', { exact: true }).fill('x'.repeat(10_001));
    await editor.getByText('At most 10,000 characters.').waitFor();
    await expect(editor.getByRole('button', { name: 'Save' }).isDisabled()).resolves.toBe(true);
    await editor.getByLabel('Title').press('Escape');
    await list.row('Milk').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk', version: 1 }]);
  });

  it('is saved by a click elsewhere, which does what it does', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Tea' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.edit('Tea');
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe('Tea');
    await list.row('Oat milk').waitFor();
    await editor.getByLabel('Title').fill('Green tea');
    await list.page.getByRole('link', { name: 'Today' }).click();
    await list.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await list.sent();
    const titles = (await list.api.list('sort=title')).map(({ title }) => title);
    expect(titles).toEqual(['Green tea', 'Oat milk']);
  });

  it('keeps what was typed over a reload', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.add.fill('half a line');
    await list.page.reload();
    await expect(list.add.inputValue()).resolves.toBe('half a line');
    await list.edit('Milk');
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe('Oat milk');
  });

  it('sends what was typed before a reload, and nothing else', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const [task] = await list.api.list();
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.api.patch(task?.id ?? '', { priority: 'high', tags: ['shop'] });
    await list.page.reload();
    await list.edit('Milk');
    await editor.getByRole('button', { name: 'Save' }).click();
    const dialog = list.page.getByRole('dialog', { name: 'Needs your decision' });
    await dialog.getByRole('button', { name: 'Keep yours' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([
      { title: 'Oat milk', priority: 'high', tags: ['shop'], version: 3 },
    ]);
  });

  it('keeps what was typed about a task that was sent meanwhile', async () => {
    const list = await openTasks(web());
    await list.goOffline();
    await list.addTask('Milk');
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.goOnline();
    await list.sent();
    await list.page.reload();
    await list.edit('Milk');
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe('Oat milk');
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.row('Oat milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Oat milk', version: 2 }]);
  });

  it('is completed, stays in its place, and comes back by undo', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Bread' }] });
    await list.row('Milk').getByRole('checkbox').click();
    await list.page.getByText('Completed “Milk”').waitFor();
    await list.sent();
    await expect(list.api.list('completed=true')).resolves.toMatchObject([{ title: 'Milk' }]);
    await expect(list.titles()).resolves.toEqual(['Bread', 'Milk']);
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.page.getByText('Undone: “Milk”').waitFor();
    await list.sent();
    await expect(list.api.list('completed=true')).resolves.toEqual([]);
    await list.page.reload();
    await list.row('Milk').waitFor();
  });

  it('goes to the trash, is restored, and is deleted for good', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Bread' }] });
    for (const title of ['Milk', 'Bread']) {
      await list.row(title).hover();
      await list
        .row(title)
        .getByRole('button', { name: `Move “${title}” to the trash` })
        .click();
      await list.row(title).waitFor({ state: 'detached' });
    }
    await list.sent();
    await list.page.getByRole('link', { name: 'Trash' }).click();
    await list.row('Milk').getByRole('button', { name: 'Restore “Milk”' }).click();
    await list.row('Milk').waitFor({ state: 'detached' });
    await list.row('Bread').getByRole('button', { name: 'Delete “Bread” for good' }).click();
    const dialog = list.page.getByRole('dialog', { name: 'Delete for good?' });
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await list.page.getByText('No tasks in the trash.').waitFor();
    await list.sent();
    await expect(list.api.list('trashed=true')).resolves.toEqual([]);
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk' }]);
    await list.page.getByRole('link', { name: 'All', exact: true }).click();
    await list.row('Milk').waitFor();
  });
});
