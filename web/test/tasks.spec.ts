import { describe, expect, it } from '@jest/globals';
import { hostileTitles } from './support/hostile-titles.js';
import { openTasks } from './support/task-page.js';
import { day, useWeb } from './support/web.js';

const web = useWeb();

/** Chooses in fields, with no time for the page to do anything else in between. */
const choose = (choices: Record<string, string>) => `(async () => {
  for (const [label, value] of Object.entries(${JSON.stringify(choices)})) {
    const fields = [...document.querySelectorAll('select')];
    const field = fields.find(({ labels }) => labels[0].textContent.startsWith(label));
    field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    await undefined;
  }
})()`;

describe('a new task', () => {
  it('is written in one line, and shown as understood before it is saved', async () => {
    const { page, api, add, row } = bound(await openTasks(web()));
    await add.fill('milk tomorrow 9am #home !high');
    const understood = page.getByRole('button', { name: /Leave “.*” in the title/ });
    await understood.nth(2).waitFor();
    await expect(understood.allInnerTexts()).resolves.toEqual([
      'Tomorrow, 09:00\n×',
      'High\n×',
      '#home\n×',
    ]);
    await expect(api.list()).resolves.toEqual([]);
    await add.press('Enter');
    await row('milk').getByText('Tomorrow, 09:00').waitFor();
    await row('milk').getByText('#home').waitFor();
    await expect(add.inputValue()).resolves.toBe('');
  });

  it('keeps the words in its title that the person takes back', async () => {
    const list = await openTasks(web());
    await list.add.fill('watch Friday #13th');
    await list.page
      .getByRole('button', { name: /^Due: .+\. Leave “Friday” in the title$/ })
      .click();
    await list.add.press('Enter');
    await list.row('watch Friday').waitFor();
    await list.sent();
    const [task] = await list.api.list();
    expect(task).toMatchObject({ title: 'watch Friday', due: null, tags: ['13th'] });
  });

  it('is due today in Today, and said to be elsewhere where it does not show', async () => {
    const list = await openTasks(web(), '/today');
    await list.addTask('sweep');
    await list.row('sweep').getByText('Today').waitFor();
    await list.page.goto('/upcoming');
    await list.addTask('some day');
    await list.page.getByText('It is not in this view.').waitFor();
    await list.page.getByRole('button', { name: 'Show in All' }).click();
    await list.row('some day').waitFor();
  });

  it('is understood in German, where the texts are German, too', async () => {
    const list = await openTasks(web(), '/all', { locale: 'de-DE' });
    const add = list.page.getByRole('textbox', { name: 'Neue Aufgabe' });
    await add.fill('Milch morgen 9 Uhr #küche !hoch');
    await list.page.getByText('Morgen, 09:00').waitFor();
    await add.press('Enter');
    await list.row('Milch').getByText('Hoch').waitFor();
  });

  it.each([
    { what: 'title', line: 'x'.repeat(256), error: 'At most 255 characters.' },
    { what: 'missing title', line: '#home !high', error: 'A task needs a title.' },
  ])('breaks no rule about its $what unsaid', async ({ line, error }) => {
    const list = await openTasks(web());
    await list.addTask(line);
    await list.page.getByText(error).first().waitFor();
    await expect(list.add.getAttribute('aria-invalid')).resolves.toBe('true');
    await expect(list.add.inputValue()).resolves.toBe(line);
    await expect(list.api.list()).resolves.toEqual([]);
  });

  it('may have any text for a title, which is shown as text', async () => {
    const list = await openTasks(web(), '/all', {
      tasks: hostileTitles.map((title) => ({ title })),
    });
    for (const title of hostileTitles) await list.row(title).waitFor();
    await expect(list.titles()).resolves.toEqual(hostileTitles.toReversed());
    const [first = ''] = hostileTitles;
    const editor = await list.edit(first);
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe(first);
    await expect(list.page.evaluate('window.hacked')).resolves.toBeUndefined();
  });

  it('may have any text for its notes, which is shown as text', async () => {
    const notes = hostileTitles.map((text, i) => ({ title: `Task ${i}`, description: text }));
    const list = await openTasks(web(), '/all', { tasks: notes });
    for (const { title, description } of notes) {
      const editor = await list.edit(title);
      const field = editor.getByLabel('Notes', { exact: true });
      await expect(field.inputValue()).resolves.toBe(description);
      await expect(editor.getByRole('link').count()).resolves.toBe(0);
      await field.press('Escape');
      await editor.waitFor({ state: 'detached' });
    }
    await expect(list.page.evaluate('window.hacked')).resolves.toBeUndefined();
  });
});

describe('the list', () => {
  it('has its words, filters and sort in the address bar', async () => {
    const list = await openTasks(web(), '/all', {
      tasks: [
        { title: 'Milk', tags: ['home'], priority: 'high' },
        { title: 'Bread', tags: ['home', 'a,b'] },
        { title: 'Report', tags: ['work'] },
      ],
    });
    const { page } = list;
    await page.getByRole('searchbox', { name: 'Search' }).fill('mil');
    await page.waitForURL('**/all?q=mil');
    await list.row('Bread').waitFor({ state: 'detached' });
    await page.reload();
    await list.row('Milk').waitFor();
    await expect(list.titles()).resolves.toEqual(['Milk']);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await list.row('Bread').getByRole('link', { name: 'Show tasks tagged “a,b”' }).click();
    await list.row('Milk').waitFor({ state: 'detached' });
    await list.row('Bread').waitFor();
    await expect(list.titles()).resolves.toEqual(['Bread']);
    expect(new URL(page.url()).searchParams.get('tags')).toBe('a\\,b');
    await page.getByRole('button', { name: 'Filters and sort' }).click();
    await page.getByLabel('Sort by').selectOption('Title');
    await page.getByLabel('Direction').selectOption('Ascending');
    await page.getByRole('button', { name: 'Remove tag “a,b”' }).click();
    await list.row('Report').waitFor();
    await expect(list.titles()).resolves.toEqual(['Bread', 'Milk', 'Report']);
    await page.getByLabel('High').check();
    await list.row('Report').waitFor({ state: 'detached' });
    await expect(list.titles()).resolves.toEqual(['Milk']);
  });

  it('takes two choices that follow each other at once', async () => {
    const tasks = ['Milk', 'Bread', 'Tea'].map((title) => ({ title }));
    const { page, rows } = await openTasks(web(), '/all', { tasks });
    await page.getByRole('button', { name: 'Filters and sort' }).click();
    await page.getByLabel('Direction').waitFor();
    await page.evaluate(choose({ 'Sort by': 'title', Direction: 'ascending' }));
    await page.waitForURL('**/all?sort=title');
    await rows.first().waitFor();
  });

  it('takes an address that says anything', async () => {
    const list = await openTasks(
      web(),
      '/all?priority=urgent&sort=owner&status=%00&q=%20&tags=,,&x=1',
    );
    await list.page.getByText('No open tasks.').waitFor();
  });

  it('shows what is due today and later where it belongs', async () => {
    const list = await openTasks(web(), '/today', {
      tasks: [
        { title: 'late', due: day(-3) },
        { title: 'now', due: day(0) },
        { title: 'soon', due: day(2) },
        { title: 'some day' },
      ],
    });
    await list.row('now').waitFor();
    await expect(list.titles()).resolves.toEqual(['late', 'now']);
    await list.page.getByRole('link', { name: 'Upcoming' }).click();
    await list.row('soon').waitFor();
    await expect(list.titles()).resolves.toEqual(['soon']);
  });
});

/** Getters do not survive destructuring otherwise. */
function bound(list: Awaited<ReturnType<typeof openTasks>>) {
  const { page, api, add } = list;
  return { page, api, add, row: (title: string) => list.row(title) };
}
