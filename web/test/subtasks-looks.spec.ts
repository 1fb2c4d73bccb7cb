import { describe, expect, it } from '@jest/globals';
import { barriers, capture, overflow } from './support/inspect.js';
import { openTasks } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb();

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  it('a tree, its editor and a subtask that is being added keep nobody out', async () => {
    const list = await openTasks(web(), '/all', { ...look, tasks: [{ title: 'Party' }] });
    const { page, api } = list;
    const [party] = await api.list();
    let parentId = party?.id ?? '';
    for (const title of ['Cake', 'Icing', 'Sugar', 'Buy it at the market']) {
      await api.create({ title, parentId }, { title: `Not only ${title}`, parentId });
      const tasks = await api.list(`parent=${parentId}`);
      parentId = tasks.find((task) => task.title === title)?.id ?? '';
    }
    await page.goto('/all');
    await list.row('Buy it at the market').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `tree-${suffix}`);

    await page.goto('/all?sort=position');
    await list
      .row('Party')
      .getByRole('button', { name: /Show the subtasks/ })
      .click();
    const editor = await list.edit('Cake');
    await editor.getByRole('button', { name: 'Move up' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `tree-editing-${suffix}`);

    await editor.getByRole('button', { name: 'Move down' }).click();
    await page.getByText('Moved “Cake”: 2 of 2').waitFor();
    await editor.getByRole('button', { name: 'Add a subtask' }).click();
    await page.getByRole('button', { name: 'Subtask of “Cake”' }).waitFor();
    await page.keyboard.type('Candles');
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `tree-adding-${suffix}`);
  });
});
