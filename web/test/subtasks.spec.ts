import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Opens a list with a task that has subtasks: names of open ones, with `✓` of completed ones. */
async function openParty(path = '/all', subtasks = ['Cake', 'Music', '✓Invitations']) {
  const list = await openTasks(web(), '/all', { tasks: [{ title: 'Party' }] });
  const [party] = await list.api.list();
  const parentId = party?.id ?? '';
  for (const name of subtasks) {
    const completed = name.startsWith('✓');
    await list.api.create({ title: name.replace('✓', ''), completed, parentId });
  }
  await list.page.goto(path);
  await list.rows.first().waitFor();
  return { list, page: list.page, api: list.api, parentId };
}

const hasOutline = (list: TaskPage, outline: string[]) =>
  until(async () => JSON.stringify(await list.outline()) === JSON.stringify(outline));

describe('subtasks', () => {
  it('are shown below their parent, which can be folded', async () => {
    const { list } = await openParty();
    await hasOutline(list, ['Party', '  Music', '  Cake']);
    const party = list.row('Party');
    await party.getByText('1 of 3 subtasks completed').waitFor();
    await party.getByRole('button', { name: 'Hide the subtasks of “Party”' }).click();
    await hasOutline(list, ['Party']);
    expect(await party.getAttribute('aria-expanded')).toBe('false');
    await list.page.reload();
    await list.row('Party').waitFor();
    await expect(list.outline()).resolves.toEqual(['Party']);
    await party.getByRole('button', { name: 'Show the subtasks of “Party”' }).click();
    await hasOutline(list, ['Party', '  Music', '  Cake']);
  });

  it('are added from the row and from the editor', async () => {
    const { list, page, api, parentId } = await openParty('/all', []);
    await list.row('Party').hover();
    await list.row('Party').getByRole('button', { name: 'Add a subtask to “Party”' }).click();
    await page.getByRole('button', { name: 'Subtask of “Party”' }).waitFor();
    await page.keyboard.type('Cake #food');
    await page.keyboard.press('Enter');
    await hasOutline(list, ['Party', '  Cake']);
    await list.row('Party').getByText('0 of 1 subtasks completed').waitFor();
    await list.sent();
    await page.keyboard.press('Escape');
    const editor = await list.edit('Cake');
    await editor.getByRole('button', { name: 'Add a subtask' }).click();
    await page.keyboard.type('Icing');
    await page.keyboard.press('Enter');
    await hasOutline(list, ['Party', '  Cake', '    Icing']);
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
