import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { openTasks, TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const MY_ORDER = '/all?sort=position';

async function openOrdered(titles: string[]): Promise<TaskPage> {
  const list = await openTasks(web(), '/trash', { isDeaf: true });
  for (const title of titles) await list.api.create({ title });
  await list.page.goto(MY_ORDER);
  for (const title of titles) await list.row(title).waitFor();
  return list;
}

const hasOutline = (list: TaskPage, outline: string[]) =>
  until(async () => JSON.stringify(await list.outline()) === JSON.stringify(outline));

const idOf = async (list: TaskPage, title: string) =>
  (await list.api.list()).find((task) => task.title === title)?.id ?? '';

describe('two tabs', () => {
  it('show each other’s moves', async () => {
    const one = await openOrdered(['A', 'B', 'C']);
    const page = await one.context.newPage();
    await page.goto(MY_ORDER);
    const other = new TaskPage(page, one.context, one.api, one.person);
    await other.row('A').waitFor();
    await one.row('C').focus();
    await one.page.keyboard.press('Alt+ArrowUp');
    await hasOutline(other, ['A', 'C', 'B']);
    await one.sent();
    await other.row('C').focus();
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await hasOutline(other, ['A', '  C', 'B']);
    await one.row('A').getByText('0 of 1 subtasks completed').waitFor();
    await hasOutline(one, ['A', '  C', 'B']);
  });
});

describe('a move that the server refuses', () => {
  it('is taken back, with the reason: the sibling is gone', async () => {
    const list = await openOrdered(['A', 'B', 'C']);
    await list.api.delete(await idOf(list, 'B'));
    await list.row('C').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.page
      .getByRole('status')
      .getByText('“C” stays where it is. The task beside it is not there any more.')
      .waitFor();
    await hasOutline(list, ['A', 'B', 'C']);
    await list.sent();
    await expect(list.api.list('q=C')).resolves.toMatchObject([{ version: 1 }]);
  });

  it('is taken back if the task was moved elsewhere meanwhile', async () => {
    const list = await openOrdered(['A', 'B', 'C']);
    const parentId = await idOf(list, 'A');
    await list.api.patch(await idOf(list, 'C'), { parentId });
    await list.row('C').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.page.getByText('“C” was moved or deleted elsewhere meanwhile.').waitFor();
    await list.sent();
    await expect(list.api.list('q=C')).resolves.toMatchObject([{ parentId, version: 2 }]);
  });

  it('is none if only the words of the task were changed elsewhere', async () => {
    const list = await openOrdered(['A', 'B', 'C']);
    await list.api.patch(await idOf(list, 'C'), { title: 'C2' });
    await list.row('C').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await hasOutline(list, ['A', 'C2', 'B']);
    await list.sent();
    const titles = (await list.api.list('sort=position')).map(({ title }) => title);
    expect(titles).toEqual(['A', 'C2', 'B']);
  });
});
