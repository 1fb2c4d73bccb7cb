import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../test/support/until.js';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const COUNT = 10_000;
const MAX_KEY_MS = 50;

let list: TaskPage;

/** Takes the milliseconds from the next key to the frame that shows it. */
const MEASURE_NEXT_KEY = `void (window.keyTime = new Promise((resolve) => {
  addEventListener('keydown', () => {
    const start = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - start);
      port2.postMessage(0);
    });
  }, { once: true, capture: true });
}))`;

/** Returns the median of a text's keys: a busy machine delays some, and a slow page all. */
async function medianKey(page: Page, text: string): Promise<number> {
  const times: number[] = [];
  for (const character of text) {
    await page.evaluate(MEASURE_NEXT_KEY);
    await page.keyboard.press(character === ' ' ? 'Space' : character);
    times.push(await page.evaluate<number>('window.keyTime'));
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Infinity;
}

/** Scrolls down until the last row is there. */
const readAll = (page: Page) =>
  until(async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    return page.getByRole('row', { name: 'Task 0', exact: true }).isVisible();
  }, 50_000);

describe(`${COUNT} tasks`, () => {
  beforeAll(async () => {
    const tasks = Array.from({ length: COUNT }, (_, i) => ({ title: `Task ${i}`, tags: ['home'] }));
    list = await openTasks(web(), '/all', { tasks });
  });

  it('are read as far as the person scrolls, with few rows in the page', async () => {
    const { page } = list;
    await expect(page.getByRole('grid').getAttribute('aria-rowcount')).resolves.toBe('-1');
    await readAll(page);
    await expect(page.getByRole('grid').getAttribute('aria-rowcount')).resolves.toBe(String(COUNT));
    expect(await list.rows.count()).toBeLessThan(100);
    await page.evaluate('scrollTo(0, 0)');
    await list.row(`Task ${COUNT - 1}`).waitFor();

    for (const field of ['New task', 'Search']) {
      await page.getByLabel(field, { exact: true }).focus();
      const median = await medianKey(page, 'task 99 tomorrow 9');
      expect(median).toBeLessThan(MAX_KEY_MS);
    }
  });
});
