import { describe, expect, it } from '@jest/globals';
import { openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Opens a list with a task that has subtasks: names of open ones, with `✓` of completed ones. */
async function openParty(
  path = '/all',
  subtasks = ['Cake', 'Music', '✓Invitations'],
  options: { isDeaf?: boolean } = {},
) {
  const list = await openTasks(web(), '/all', { tasks: [{ title: 'Party' }], ...options });
  const [party] = await list.api.list();
  const parentId = party?.id ?? '';
  for (const name of subtasks) {
    const completed = name.startsWith('✓');
    await list.api.create({ title: name.replace('✓', ''), completed, parentId });
  }
  await list.page.goto(path);
  // At first there is what the browser has seen before.
  const shown = subtasks.find((name) => !name.startsWith('✓')) ?? 'Party';
  await list.row(shown).waitFor();
  return { list, page: list.page, api: list.api, parentId };
}

describe('subtasks', () => {
  it('are shown below their parent, which can be folded', async () => {
    const { list } = await openParty();
    await list.hasOutline(['Party', '  Music', '  Cake']);
    const party = list.row('Party');
    await party.getByText('1 of 3 subtasks completed').waitFor();
    await party.getByRole('button', { name: 'Hide the subtasks of “Party”' }).click();
    await list.hasOutline(['Party']);
    expect(await party.getAttribute('aria-expanded')).toBe('false');
    await list.page.reload();
    await list.row('Party').waitFor();
    await expect(list.outline()).resolves.toEqual(['Party']);
    await party.getByRole('button', { name: 'Show the subtasks of “Party”' }).click();
    await list.hasOutline(['Party', '  Music', '  Cake']);
  });

  it('are added from the row and from the editor', async () => {
    const { list, page, api, parentId } = await openParty('/all', []);
    await list.row('Party').hover();
    await list.row('Party').getByRole('button', { name: 'Add a subtask to “Party”' }).click();
    await page.getByRole('button', { name: 'Subtask of “Party”' }).waitFor();
    await page.keyboard.type('Cake #food');
    await page.keyboard.press('Enter');
    await list.hasOutline(['Party', '  Cake']);
    await list.row('Party').getByText('0 of 1 subtasks completed').waitFor();
    await list.sent();
    await page.keyboard.press('Escape');
    const editor = await list.edit('Cake');
    await editor.getByRole('button', { name: 'Add a subtask' }).click();
    await page.keyboard.type('Icing');
    await page.keyboard.press('Enter');
    await list.hasOutline(['Party', '  Cake', '    Icing']);
    await list.sent();
    const tasks = await api.list('sort=createdAt');
    expect(tasks).toMatchObject([
      { title: 'Party', parentId: null },
      { title: 'Cake', parentId, tags: ['food'] },
      { title: 'Icing', parentId: tasks[1]?.id },
    ]);
  });

  it('are named with their parent where they are not below it', async () => {
    const { list } = await openParty('/all?q=cake');
    await list.row('Cake').getByText('Subtask of “Party”').waitFor();
  });
});

describe('a task with subtasks', () => {
  it('is completed alone, with an offer to complete them, too', async () => {
    // A list that is read again leaves out what was completed.
    const { list, page, api, parentId } = await openParty('/all', undefined, { isDeaf: true });
    await api.create({ title: 'Candles', parentId: await list.api.idOf('Cake') });
    await page.reload();
    await list.row('Candles').waitFor();
    await list.row('Party').getByRole('checkbox').click();
    await page.getByText('Completed “Party”').waitFor();
    await list.sent();
    await expect(api.list(`completed=false&parent=${parentId}`)).resolves.toHaveLength(2);
    await page.getByRole('button', { name: 'Complete its 2 subtasks, too' }).click();
    await page.getByText('Completed all below “Party”').waitFor();
    for (const title of ['Cake', 'Music', 'Candles'])
      await list.row(title).getByRole('checkbox', { checked: true }).waitFor();
    await list.row('Party').getByText('3 of 3 subtasks completed').waitFor();
    await list.sent();
    await expect(api.list('completed=false')).resolves.toEqual([]);
    await page.keyboard.press('u');
    await page.getByText('Undone: “Party”').waitFor();
    await list.row('Candles').getByRole('checkbox', { checked: false }).waitFor();
    await list.sent();
    const open = await api.list('completed=false&sort=title');
    expect(open.map(({ title }) => title)).toEqual(['Cake', 'Candles', 'Music']);
  });

  it('goes to the trash with them, and comes back with them', async () => {
    const { list, page, api } = await openParty();
    await list.row('Party').focus();
    await page.keyboard.press('Delete');
    await page.getByText('Moved “Party” and all below it to the trash').waitFor();
    await list.row('Cake').waitFor({ state: 'detached' });
    await list.sent();
    await expect(api.list()).resolves.toEqual([]);
    await page.keyboard.press('u');
    await list.hasOutline(['Party', '  Music', '  Cake']);
    await list.sent();
    await expect(api.list()).resolves.toHaveLength(4);
    await list.row('Party').getByText('1 of 3 subtasks completed').waitFor();
  });

  it('says that they are deleted for good, too', async () => {
    const { list, page, api, parentId } = await openParty('/all', ['Cake']);
    await api.delete(parentId);
    await page.goto('/trash');
    await list
      .row('Party')
      .getByRole('button', { name: /for good/ })
      .click();
    await page.getByText('All subtasks below are deleted, too.').waitFor();
    await page.getByRole('button', { name: 'Delete for good', exact: true }).click();
    await page.getByText('No tasks in the trash.').waitFor();
  });
});
