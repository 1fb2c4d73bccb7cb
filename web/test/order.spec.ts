import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const MY_ORDER = '/all?sort=position';

/** Opens a list in the order of its titles, with the focus on one of them. */
async function openOrdered(titles: string[], active: string): Promise<TaskPage> {
  const list = await openTasks(web(), '/trash');
  for (const title of titles) await list.api.create({ title });
  await list.page.goto(MY_ORDER);
  await list.row(active).waitFor();
  await list.row(active).focus();
  return list;
}

const hasOutline = (list: TaskPage, outline: string[]) =>
  until(async () => JSON.stringify(await list.outline()) === JSON.stringify(outline));

const hasFocus = (list: TaskPage, title: string) =>
  until(
    async () => (await list.page.evaluate<string>('document.activeElement.ariaLabel')) === title,
  );

const serverOrder = async (list: TaskPage, query = 'parent=none') =>
  (await list.api.list(`sort=position&${query}`)).map(({ title }) => title);

describe('my order, by the keyboard', () => {
  it('moves a task up and down, and says where it is', async () => {
    const list = await openOrdered(['A', 'B', 'C'], 'A');
    const { page } = list;
    await page.keyboard.press('Alt+ArrowDown');
    await hasOutline(list, ['B', 'A', 'C']);
    await page.getByRole('status').getByText('Moved “A”: 2 of 3').waitFor();
    await hasFocus(list, 'A');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByText('Moved “A”: 3 of 3').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByText('“A” stays where it is. It is the last already.').waitFor();
    await list.sent();
    await expect(serverOrder(list)).resolves.toEqual(['B', 'C', 'A']);
    await page.keyboard.press('Alt+ArrowUp');
    await hasOutline(list, ['B', 'A', 'C']);
    await page.keyboard.press('u');
    await hasOutline(list, ['B', 'C', 'A']);
    await list.sent();
    await expect(serverOrder(list)).resolves.toEqual(['B', 'C', 'A']);
  });

  it('makes a task a subtask, and a task of its own again', async () => {
    const list = await openOrdered(['A', 'B', 'C'], 'B');
    const { page } = list;
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await hasOutline(list, ['A', '  B', 'C']);
    await page.getByText('Moved “B” below “A”: 1 of 1').waitFor();
    await hasFocus(list, 'B');
    await page.keyboard.press('j');
    await page.keyboard.press('>');
    await hasOutline(list, ['A', '  B', '  C']);
    await page.keyboard.press('Alt+ArrowUp');
    await hasOutline(list, ['A', '  C', '  B']);
    await list.sent();
    const [a] = await list.api.list('q=A');
    await expect(serverOrder(list, `parent=${a?.id ?? ''}`)).resolves.toEqual(['C', 'B']);
    await page.keyboard.press('<');
    await hasOutline(list, ['A', '  B', 'C']);
    await list.sent();
    await expect(serverOrder(list)).resolves.toEqual(['A', 'C']);
    await page.reload();
    await list.row('C').waitFor();
    await hasOutline(list, ['A', '  B', 'C']);
  });
});
