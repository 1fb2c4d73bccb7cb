import { describe, expect, it } from '@jest/globals';
import { hostileTitles } from './support/hostile-titles.js';
import { openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

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
      .getByRole('button', { name: 'Due: Friday' })
      .or(list.page.getByRole('button', { name: /^Due: / }))
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
      tasks: hostileTitles.map((title) => ({ title, description: title })),
    });
    for (const title of hostileTitles) await list.row(title).waitFor();
    await expect(list.titles()).resolves.toEqual(hostileTitles.toReversed());
    const [first = ''] = hostileTitles;
    const editor = await list.edit(first);
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe(first);
    await expect(list.page.evaluate('window.hacked')).resolves.toBeUndefined();
  });
});

describe('a task in its place', () => {
  it('is edited: title, notes, due, priority and tags', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await editor
      .getByLabel('Notes', { exact: true })
      .fill('See https://example.org/milk.\n<b>two</b>');
    await editor.getByLabel('Date').fill('2030-12-24');
    await editor.getByLabel('Time').fill('18:30');
    await editor.getByText('High').click();
    await editor.getByLabel('Tags').fill('shop');
    await editor.getByLabel('Tags').press('Enter');
    const link = editor.getByRole('link', { name: 'https://example.org/milk' });
    await expect(link.getAttribute('rel')).resolves.toContain('noopener');
    await expect(editor.getByRole('link').count()).resolves.toBe(1);
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.row('Oat milk').getByText('24 Dec 2030, 18:30').waitFor();
    await list.sent();
    const [task] = await list.api.list();
    expect(task).toMatchObject({
      title: 'Oat milk',
      description: 'See https://example.org/milk.\n<b>two</b>',
      due: '2030-12-24T17:30:00.000Z',
      priority: 'high',
      tags: ['shop'],
      version: 2,
    });
  });

  it('shows the rules that an edit breaks, and saves nothing', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill(' ');
    await editor.getByText('A task needs a title.').waitFor();
    await editor.getByLabel('Notes', { exact: true }).fill('x'.repeat(10_001));
    await editor.getByText('At most 10,000 characters.').waitFor();
    await expect(editor.getByRole('button', { name: 'Save' }).isDisabled()).resolves.toBe(true);
    await editor.getByLabel('Title').press('Escape');
    await list.row('Milk').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk', version: 1 }]);
  });

  it('is saved by a click elsewhere, which does what it does', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Tea' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.edit('Tea');
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe('Tea');
    await list.row('Oat milk').waitFor();
    await editor.getByLabel('Title').fill('Green tea');
    await list.page.getByRole('link', { name: 'Today' }).click();
    await list.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await list.sent();
    const titles = (await list.api.list('sort=title')).map(({ title }) => title);
    expect(titles).toEqual(['Green tea', 'Oat milk']);
  });

  it('keeps what was typed over a reload', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.add.fill('half a line');
    await list.page.reload();
    await expect(list.add.inputValue()).resolves.toBe('half a line');
    await list.edit('Milk');
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe('Oat milk');
  });

  it('is completed, stays in its place, and comes back by undo', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Bread' }] });
    await list.row('Milk').getByRole('checkbox').click();
    await list.page.getByText('Completed “Milk”').waitFor();
    await list.sent();
    await expect(list.api.list('completed=true')).resolves.toMatchObject([{ title: 'Milk' }]);
    await expect(list.titles()).resolves.toEqual(['Bread', 'Milk']);
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.page.getByText('Undone: “Milk”').waitFor();
    await list.sent();
    await expect(list.api.list('completed=true')).resolves.toEqual([]);
    await list.page.reload();
    await list.row('Milk').waitFor();
  });

  it('goes to the trash, is restored, and is deleted for good', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }, { title: 'Bread' }] });
    for (const title of ['Milk', 'Bread']) {
      await list.row(title).hover();
      await list
        .row(title)
        .getByRole('button', { name: `Move “${title}” to the trash` })
        .click();
      await list.row(title).waitFor({ state: 'detached' });
    }
    await list.sent();
    await list.page.getByRole('link', { name: 'Trash' }).click();
    await list.row('Milk').getByRole('button', { name: 'Restore “Milk”' }).click();
    await list.row('Milk').waitFor({ state: 'detached' });
    await list.row('Bread').getByRole('button', { name: 'Delete “Bread” for good' }).click();
    const dialog = list.page.getByRole('dialog', { name: 'Delete for good?' });
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await list.page.getByText('The trash is empty.').waitFor();
    await list.sent();
    await expect(list.api.list('trashed=true')).resolves.toEqual([]);
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk' }]);
    await list.page.getByRole('link', { name: 'All', exact: true }).click();
    await list.row('Milk').waitFor();
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

  it('takes an address that says anything', async () => {
    const list = await openTasks(
      web(),
      '/all?priority=urgent&sort=owner&status=%00&q=%20&tags=,,&x=1',
    );
    await list.page.getByText('No open tasks.').waitFor();
  });

  it('shows what is due today and later where it belongs', async () => {
    const day = (days: number) => {
      const zone = { timeZone: 'Europe/Berlin' };
      return new Intl.DateTimeFormat('sv', zone).format(Date.now() + days * 24 * 60 * 60 * 1000);
    };
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

  it('completes and deletes many at once, and undoes it', async () => {
    const titles = Array.from({ length: 230 }, (_, i) => `Task ${i}`);
    const list = await openTasks(web(), '/all', { tasks: titles.map((title) => ({ title })) });
    const { page } = list;
    await page.keyboard.press('Control+a');
    const bar = page.getByRole('toolbar', { name: '230 selected' });
    await bar.getByRole('button', { name: 'Complete' }).click();
    await page.getByText('Completed 230 tasks').waitFor();
    await list.sent();
    await expect(list.api.list('completed=false')).resolves.toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: 230 tasks').waitFor();
    await list.sent();
    await expect(list.api.list('completed=true')).resolves.toEqual([]);
    await page.keyboard.press('Control+a');
    await bar.getByRole('button', { name: 'Move to trash' }).click();
    await page.getByText('No open tasks.').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toEqual([]);
  });
});

/** Getters do not survive destructuring otherwise. */
function bound(list: Awaited<ReturnType<typeof openTasks>>) {
  const { page, api, add } = list;
  return { page, api, add, row: (title: string) => list.row(title) };
}
