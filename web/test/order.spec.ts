import { describe, expect, it } from '@jest/globals';
import { openOrdered, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Opens a list in the person's order, with the focus on one of its tasks. */
async function openAt(active: string): Promise<TaskPage> {
  const list = await openOrdered(web(), ['A', 'B', 'C']);
  await list.row(active).focus();
  return list;
}

const serverOrder = async (list: TaskPage, query = 'parent=none') =>
  (await list.api.list(`sort=position&${query}`)).map(({ title }) => title);

describe('my order, by the keyboard', () => {
  it('moves a task up and down, and says where it is', async () => {
    const list = await openAt('A');
    const { page } = list;
    await page.keyboard.press('Alt+ArrowDown');
    await list.hasOutline(['B', 'A', 'C']);
    await page.getByRole('status').getByText('Moved “A”: 2 of 3').waitFor();
    await list.hasFocus('A');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByText('Moved “A”: 3 of 3').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByText('“A” stays where it is. It is the last already.').waitFor();
    await list.sent();
    await expect(serverOrder(list)).resolves.toEqual(['B', 'C', 'A']);
    await page.keyboard.press('Alt+ArrowUp');
    await list.hasOutline(['B', 'A', 'C']);
    await page.keyboard.press('u');
    await list.hasOutline(['B', 'C', 'A']);
    await list.sent();
    await expect(serverOrder(list)).resolves.toEqual(['B', 'C', 'A']);
  });

  it('makes a task a subtask, and a task of its own again', async () => {
    const list = await openAt('B');
    const { page } = list;
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await list.hasOutline(['A', '  B', 'C']);
    await page.getByText('Moved “B” below “A”: 1 of 1').waitFor();
    await list.hasFocus('B');
    await page.keyboard.press('j');
    await page.keyboard.press('>');
    await list.hasOutline(['A', '  B', '  C']);
    await page.keyboard.press('Alt+ArrowUp');
    await list.hasOutline(['A', '  C', '  B']);
    await list.sent();
    const [a] = await list.api.list('q=A');
    await expect(serverOrder(list, `parent=${a?.id ?? ''}`)).resolves.toEqual(['C', 'B']);
    await page.keyboard.press('<');
    await list.hasOutline(['A', '  B', 'C']);
    await list.sent();
    await expect(serverOrder(list)).resolves.toEqual(['A', 'C']);
    await page.reload();
    await list.row('C').waitFor();
    await list.hasOutline(['A', '  B', 'C']);
  });

  it('keeps the focus on a new subtask while the subtasks are read', async () => {
    const list = await openAt('B');
    const { api, page } = list;
    const parentId = await api.idOf('A');
    const read = Promise.withResolvers<true>();
    await page.route(`**/api/v1/tasks?**parent=${parentId}**`, async (route) => {
      await read.promise;
      await route.continue();
    });
    await page.keyboard.press('>');
    await list.hasOutline(['A', '  B', 'C']);
    await list.sent();
    // The list is read again, since a subtask was added elsewhere.
    const again = page.waitForResponse((response) => response.url().includes('parent=none'));
    await api.create({ title: 'D', parentId });
    await again;
    await list.row('A').getByText('0 of 2 subtasks completed').waitFor();
    await list.hasOutline(['A', '  B', 'C']);
    await list.hasFocus('B');
    read.resolve(true);
    await list.hasOutline(['A', '  B', '  D', 'C']);
    await list.hasFocus('B');
    await page.keyboard.press('<');
    await list.hasOutline(['A', '  D', 'B', 'C']);
  });
});
