import { describe, expect, it } from '@jest/globals';
import { barriers, capture, overflow } from './support/inspect.js';
import { type ApiTask, openTasks } from './support/task-page.js';
import { day, LOOKS, useWeb } from './support/web.js';

const web = useWeb();

const TASKS: (Partial<ApiTask> & { title: string })[] = [
  { title: 'Call the dentist', due: day(-2), priority: 'high', tags: ['health'] },
  { title: 'Send the offer to the Hamburg office', due: `${day(0)}T16:30:00Z`, tags: ['work'] },
  { title: 'Water the plants', due: day(0), description: 'Not the cactus.' },
  { title: 'Book a table for Friday', due: day(0), tags: ['friends', 'food'], priority: 'medium' },
  { title: 'Milk, bread, tea', due: day(1), tags: ['shop'], priority: 'low' },
  { title: 'Read the chapter about row-level security', due: day(4), tags: ['work', 'reading'] },
  { title: 'Tax return', due: '2030-05-31', description: 'See https://example.org/tax' },
  { title: 'Learn to juggle' },
  { title: `A title that goes on and on, ${'because somebody wrote it so, '.repeat(6)}`.trim() },
  { title: 'Done already', completed: true, due: day(0) },
];

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  it.each(['today', 'upcoming', 'all', 'trash'])('%s keeps nobody out', async (view) => {
    const { page, api, rows } = await open(`/${view}`);
    if (view === 'trash') {
      for (const { id } of (await api.list()).slice(0, 4)) await api.delete(id);
      await page.reload();
    }
    await rows().first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `${view}-${suffix}`);
  });

  it('an empty list keeps nobody out', async () => {
    const { page } = await openTasks(web(), '/today', look);
    await page.getByText('Nothing is due today.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await capture(page, `empty-${suffix}`);
  });

  it('a line that is being written keeps nobody out', async () => {
    const { page, add } = await openTasks(web(), '/all', look);
    await add.fill('milk tomorrow 9am #home !high');
    await page.getByRole('button', { name: /^Due: / }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `adding-${suffix}`);
  });

  it('a task that is being edited keeps nobody out', async () => {
    const list = await openTasks(web(), '/all', { ...look, tasks: TASKS });
    const editor = await list.edit('Tax return');
    await editor.getByLabel('Title').fill('');
    await editor.getByText('A task needs a title.').waitFor();
    expect(await barriers(list.page)).toEqual([]);
    expect(await overflow(list.page)).toBe(0);
    await capture(list.page, `editing-${suffix}`);
  });

  it('filters, selection and messages keep nobody out', async () => {
    const list = await openTasks(web(), '/all', { ...look, tasks: TASKS });
    const { page } = list;
    await page.getByRole('button', { name: 'Filters and sort' }).click();
    await page.getByLabel('Sort by').waitFor();
    await list.row('Learn to juggle').getByRole('checkbox').click();
    await page.getByText('Completed “Learn to juggle”').waitFor();
    expect(await barriers(page)).toEqual([]);
    await capture(page, `filters-${suffix}`);
    await page.keyboard.press('Control+a');
    await page.getByRole('toolbar').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `selection-${suffix}`);
  });

  it('dialogs keep nobody out', async () => {
    // Deaf: it must not learn of the other change before its own.
    const tasks = [{ title: 'Milk' }];
    const list = await openTasks(web(), '/all', { ...look, tasks, isDeaf: true });
    const { page, api } = list;
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await capture(page, `keys-${suffix}`);
    await page.keyboard.press('Escape');
    const [task] = await api.list();
    await api.patch(task?.id ?? '', { title: 'Soy milk', tags: ['shop'] });
    await list.row('Milk').getByRole('checkbox').click();
    await page.getByRole('dialog', { name: 'Needs your decision' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `conflict-${suffix}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('dialog', { name: 'Some changes are not sent yet' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `sign-out-${suffix}`);
  });

  it('the question before tasks are deleted for good keeps nobody out', async () => {
    const list = await openTasks(web(), '/trash', look);
    const [task] = await list.api.create({ title: 'Milk' });
    await list.api.delete(task?.id ?? '');
    await list.page.reload();
    await list.row('Milk').getByRole('button', { name: 'Delete “Milk” for good' }).click();
    await list.page.getByRole('dialog', { name: 'Delete for good?' }).waitFor();
    expect(await barriers(list.page)).toEqual([]);
    expect(await overflow(list.page)).toBe(0);
    await capture(list.page, `delete-${suffix}`);
  });

  async function open(path: string) {
    const list = await openTasks(web(), path, { ...look, tasks: TASKS });
    return { page: list.page, api: list.api, rows: () => list.rows };
  }
});
