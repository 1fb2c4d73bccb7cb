import { describe, expect, it } from '@jest/globals';
import { openOrdered, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Drags a row over another one: `across` pixels to the side, above its middle or below. */
async function drag(
  list: TaskPage,
  title: string,
  { over, side, across = 0 }: { over: string; side: 'above' | 'below'; across?: number },
): Promise<void> {
  const { mouse } = list.page;
  // The part that starts a drag is loaded after the list.
  await list.page.locator('[data-draggable=true]').waitFor();
  const from = await list.row(title).boundingBox();
  const to = await list.row(over).boundingBox();
  if (!from || !to) throw new Error('The rows are not in sight.');
  const x = from.x + from.width / 3;
  await mouse.move(x, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(x + 10, from.y + from.height / 2, { steps: 3 });
  await mouse.move(x + across, to.y + to.height * (side === 'above' ? 0.2 : 0.8), { steps: 5 });
  await list.page.getByTestId('drop-line').waitFor();
}

describe('my order, by the mouse', () => {
  it('drops a task between two others', async () => {
    const list = await openOrdered(web(), ['A', 'B', 'C']);
    await drag(list, 'C', { over: 'A', side: 'above' });
    await list.page.mouse.up();
    await list.hasOutline(['C', 'A', 'B']);
    await list.page.getByText('Moved “C”: 1 of 3').waitFor();
    await list.sent();
    const titles = (await list.api.list('sort=position')).map(({ title }) => title);
    expect(titles).toEqual(['C', 'A', 'B']);
    // The press that dragged has not opened the editor.
    await expect(list.editor.isVisible()).resolves.toBe(false);
  });

  it('drops a task below another one, and takes its subtasks along', async () => {
    const list = await openOrdered(web(), ['A', 'B', 'C']);
    await drag(list, 'B', { over: 'A', side: 'below', across: 30 });
    await list.page.mouse.up();
    await list.hasOutline(['A', '  B', 'C']);
    await list.sent();
    await drag(list, 'A', { over: 'C', side: 'below' });
    await list.page.mouse.up();
    await list.hasOutline(['C', 'A', '  B']);
    await drag(list, 'B', { over: 'C', side: 'above', across: -30 });
    await list.page.mouse.up();
    await list.hasOutline(['B', 'C', 'A']);
    await list.sent();
    await expect(list.api.list('parent=none')).resolves.toHaveLength(3);
  });

  it('leaves everything where it was when Escape is pressed', async () => {
    const list = await openOrdered(web(), ['A', 'B']);
    await drag(list, 'B', { over: 'A', side: 'above' });
    await list.page.keyboard.press('Escape');
    await list.page.mouse.up();
    await list.hasOutline(['A', 'B']);
    await expect(list.api.list('q=B')).resolves.toMatchObject([{ version: 1 }]);
  });

  it('does not drag in another order', async () => {
    const list = await openOrdered(web(), ['A', 'B']);
    await list.page.goto('/all?sort=title');
    await list.row('A').waitFor();
    await list.row('A').focus();
    await list.page.keyboard.press('Alt+ArrowDown');
    await list.page.getByText('Sort by “My order” to move tasks.').waitFor();
    await list.hasOutline(['A', 'B']);
  });
});
