import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../test/support/until.js';
import { openOrdered, openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const named = (page: Page) => page.evaluate<string | null>('document.activeElement.ariaLabel');
const focusOn = (page: Page, name: string) => until(async () => (await named(page)) === name);

/** Holds back the frames of a page, and with them what it does in the next one. */
async function holdFrames(page: Page) {
  await page.evaluate(`(() => {
    const { requestAnimationFrame } = window;
    const held = [];
    window.requestAnimationFrame = (callback) => held.push(callback);
    window.countHeld = () => held.length;
    window.release = () => new Promise((resolve) => {
      window.requestAnimationFrame = requestAnimationFrame;
      requestAnimationFrame((time) => {
        for (const callback of held) callback(time);
        resolve();
      });
    });
  })()`);
  return {
    held: () => until(() => page.evaluate<boolean>('countHeld() > 0')),
    release: () => page.evaluate('release()'),
  };
}

describe('the keyboard alone', () => {
  it('adds, edits, completes, deletes and undoes', async () => {
    const list = await openTasks(web());
    const { page } = list;
    const { keyboard } = page;
    await keyboard.press('n');
    for (const title of ['Milk', 'Bread', 'Tea']) {
      await keyboard.type(title);
      await keyboard.press('Enter');
      await list.row(title).waitFor();
    }
    await expect(list.titles()).resolves.toEqual(['Tea', 'Bread', 'Milk']);
    await keyboard.press('Escape');
    await focusOn(page, 'Tea');
    await keyboard.press('j');
    await focusOn(page, 'Bread');
    await keyboard.press('ArrowDown');
    await focusOn(page, 'Milk');

    await keyboard.press('Enter');
    await focusOn(page, 'Title');
    await keyboard.press('End');
    await keyboard.type(' and more');
    await keyboard.press('Tab');
    await keyboard.type('Two litres');
    await keyboard.press('Control+Enter');
    await focusOn(page, 'Milk and more');

    await keyboard.press('p');
    await list.row('Milk and more').getByText('Low').waitFor();
    await keyboard.press('t');
    await list.row('Milk and more').getByText('Today').waitFor();
    await keyboard.press('c');
    await page.getByText('Completed “Milk and more”').waitFor();
    await keyboard.press('k');
    await focusOn(page, 'Bread');
    await keyboard.press('Delete');
    await list.row('Bread').waitFor({ state: 'detached' });
    await focusOn(page, 'Milk and more');
    await keyboard.press('u');
    await list.row('Bread').waitFor();
    await list.sent();
    await expect(list.api.list('sort=title')).resolves.toMatchObject([
      { title: 'Bread', completed: false },
      { title: 'Milk and more', description: 'Two litres', completed: true, priority: 'low' },
      { title: 'Tea' },
    ]);
  });

  it('keeps the focus where a person has gone since', async () => {
    const list = await openOrdered(web(), ['A', 'B', 'C']);
    const { page } = list;
    await list.row('A').focus();
    const moved = await holdFrames(page);
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByText('Moved “A”: 2 of 3').waitFor();
    await moved.held();
    await list.row('C').focus();
    await moved.release();
    await expect(named(page)).resolves.toBe('C');

    const trashed = await holdFrames(page);
    await page.keyboard.press('#');
    await list.row('C').waitFor({ state: 'detached' });
    await trashed.held();
    await page.keyboard.press('n');
    await trashed.release();
    await expect(named(page)).resolves.toBe('New task');
    await page.keyboard.press('Escape');
    await focusOn(page, 'A');
  });

  it('selects, goes to every view and to the search', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Tea' }] });
    const { page } = list;
    const { keyboard } = page;
    await keyboard.press('j');
    await focusOn(page, 'Tea');
    await keyboard.press('x');
    await page.getByRole('toolbar', { name: '1 selected' }).waitFor();
    await expect(list.row('Tea').getAttribute('aria-selected')).resolves.toBe('true');
    await keyboard.press('Escape');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await keyboard.press('/');
    await focusOn(page, 'Search');
    await keyboard.type('mil');
    await page.waitForURL('**/all?q=mil');
    await keyboard.press('Escape');
    await page.waitForURL('**/all');
    await keyboard.press('Escape');
    for (const [key, view] of [
      ['t', 'Today'],
      ['u', 'Upcoming'],
      ['x', 'Trash'],
      ['a', 'All'],
    ] as const) {
      await keyboard.press('g');
      await keyboard.press(key);
      await page.getByRole('heading', { name: view, level: 1 }).waitFor();
    }
  });

  it('opens a sheet that lists all keys', async () => {
    const { page } = await openTasks(web());
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    for (const text of ['New task', 'Complete, or reopen', 'Undo', 'Go to Trash', 'This sheet'])
      await sheet.getByText(text, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('leaves letters to the fields that they are typed into', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    await list.page.keyboard.press('n');
    await list.page.keyboard.type('cute #xyz ?');
    await expect(list.add.inputValue()).resolves.toBe('cute #xyz ?');
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk', version: 1 }]);
  });

  it('reaches every control of the active row, and leaves the list by Tab', async () => {
    const list = await openTasks(web(), '/all', {
      tasks: [{ title: 'Milk', tags: ['home'] }, { title: 'Tea' }],
    });
    const { page } = list;
    await page.keyboard.press('End');
    await focusOn(page, 'Milk');
    const names: (string | null)[] = [];
    for (let press = 0; press < 5; press++) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.title'),
      );
    }
    expect(names).toEqual([
      'Complete “Milk”',
      'Edit “Milk”',
      'Show tasks tagged “home”',
      'Add a subtask to “Milk”',
      'Move “Milk” to the trash',
    ]);
    await page.keyboard.press('Tab');
    await expect(
      page.evaluate('document.activeElement.closest("[role=grid]")'),
    ).resolves.toBeNull();
  });
});
