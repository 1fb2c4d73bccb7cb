import { describe, expect, it } from '@jest/globals';
import { openOrdered, TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

describe('two tabs', () => {
  it('show each other’s moves', async () => {
    const one = await openOrdered(web(), ['A', 'B', 'C'], { isDeaf: true });
    const page = await one.context.newPage();
    await page.goto('/all?sort=position');
    const other = new TaskPage(page, one.context, one.api, one.person);
    await other.row('A').waitFor();
    await one.row('C').focus();
    await one.page.keyboard.press('Alt+ArrowUp');
    await other.hasOutline(['A', 'C', 'B']);
    await one.sent();
    await other.row('C').focus();
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await other.hasOutline(['A', '  C', 'B']);
    await one.row('A').getByText('0 of 1 subtasks completed').waitFor();
    await one.hasOutline(['A', '  C', 'B']);
  });
});

describe('a move that the server refuses', () => {
  it('is taken back, with the reason: the sibling is gone', async () => {
    const list = await openOrdered(web(), ['A', 'B', 'C'], { isDeaf: true });
    await list.api.delete(await list.api.idOf('B'));
    await list.row('C').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.page
      .getByRole('status')
      .getByText('“C” stays where it is. The task beside it is not there any more.')
      .waitFor();
    await list.hasOutline(['A', 'B', 'C']);
    await list.sent();
    await expect(list.api.list('q=C')).resolves.toMatchObject([{ version: 1 }]);
  });

  it('is taken back if the task was moved elsewhere meanwhile', async () => {
    const list = await openOrdered(web(), ['A', 'B', 'C'], { isDeaf: true });
    const parentId = await list.api.idOf('A');
    await list.api.patch(await list.api.idOf('C'), { parentId });
    await list.row('C').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.page.getByText('“C” was moved or deleted elsewhere meanwhile.').waitFor();
    await list.sent();
    await expect(list.api.list('q=C')).resolves.toMatchObject([{ parentId, version: 2 }]);
  });

  it('is none if only the words of the task were changed elsewhere', async () => {
    const list = await openOrdered(web(), ['A', 'B', 'C'], { isDeaf: true });
    await list.api.patch(await list.api.idOf('C'), { title: 'C2' });
    await list.row('C').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.hasOutline(['A', 'C2', 'B']);
    await list.sent();
    const titles = (await list.api.list('sort=position')).map(({ title }) => title);
    expect(titles).toEqual(['A', 'C2', 'B']);
  });
});
