import { describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { until } from '../../test/support/until.js';
import { ListPanel, openLists, readLists } from './support/list-panel.js';
import type { TaskApi } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const NAMES = ['One', 'Two', 'Three'].map((name) => ({ name }));

const isOrder = async (panel: ListPanel, order: string) => (await panel.names).join() === order;
const isStored = async (api: TaskApi, order: string) =>
  (await readLists(api)).map(({ name }) => name).join() === order;

async function middleOf(link: Locator) {
  const { x = 0, y = 0, width = 0, height = 0 } = (await link.boundingBox()) ?? {};
  return { x: x + width / 2, y: y + height / 2 };
}

describe('the order of the lists', () => {
  it('is changed by dragging, which follows no link', async () => {
    const { list, panel } = await openLists(web(), ...NAMES);
    const { mouse } = list.page;
    const from = await middleOf(panel.link('Three'));
    const to = await middleOf(panel.link('One'));
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x, from.y - 10);
    await mouse.move(to.x, to.y, { steps: 10 });
    await mouse.up();
    await until(() => isOrder(panel, 'Three,One,Two'));
    await until(() => isStored(list.api, 'Three,One,Two'));
    expect(new URL(list.page.url()).search).toBe('');
    // A press is a click again.
    await panel.link('Two').click();
    await list.page.getByRole('heading', { name: 'Two', level: 1 }).waitFor();
  });

  it('is changed by keys, and announced', async () => {
    const { list, panel } = await openLists(web(), ...NAMES);
    const { keyboard } = list.page;
    await panel.link('One').focus();
    await keyboard.press('Alt+ArrowDown');
    await panel.root.getByText('“One” is now 2 of 3.').waitFor();
    await until(() => isOrder(panel, 'Two,One,Three'));
    await until(() => isStored(list.api, 'Two,One,Three'));
    // The focus has gone along.
    await list.page.locator(':focus').and(panel.link('One')).waitFor();
    await keyboard.press('Alt+ArrowDown');
    await panel.root.getByText('“One” is now 3 of 3.').waitFor();
    await until(() => isStored(list.api, 'Two,Three,One'));
    await keyboard.press('Alt+ArrowDown');
    await keyboard.press('Alt+ArrowUp');
    await until(() => isStored(list.api, 'Two,One,Three'));
  });

  it('is changed by buttons', async () => {
    const { list, panel } = await openLists(web(), ...NAMES);
    const dialog = await panel.change('Two');
    await dialog.getByRole('button', { name: 'Move up' }).click();
    await until(() => isOrder(panel, 'Two,One,Three'));
    await dialog.getByRole('button', { name: 'Move down' }).click();
    await until(() => isOrder(panel, 'One,Two,Three'));
    await until(() => isStored(list.api, 'One,Two,Three'));
    await expect(dialog.isVisible()).resolves.toBe(true);
  });

  it('is shown as it was when a move is refused', async () => {
    const { list, panel } = await openLists(web(), ...NAMES);
    const [one] = await readLists(list.api);
    // The neighbour of the move is deleted elsewhere while the move is on its way.
    await list.context.route('**/api/v1/lists/*/move', async (route) => {
      await list.api.send('DELETE', `/lists/${one?.id ?? ''}`);
      await route.continue();
    });
    await panel.link('Two').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await panel.root.getByRole('alert').getByText('“Two” was not moved').waitFor();
    await until(() => isOrder(panel, 'Two,Three'));
  });
});

describe('keys', () => {
  it('go to the lists, and make a new one', async () => {
    const { list, panel } = await openLists(web(), ...NAMES);
    const { page } = list;
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator(':focus').and(panel.link('One')).waitFor();
    await page.keyboard.press('l');
    await page.getByRole('dialog', { name: 'New list' }).waitFor();
    await page.keyboard.type('Four');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Four', level: 1 }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await sheet.getByText('Go to the lists').waitFor();
    await sheet.getByText('Move the list in focus').waitFor();
  });
});
