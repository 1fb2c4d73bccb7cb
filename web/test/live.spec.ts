import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { ListPanel } from './support/list-panel.js';
import { type ApiTask, countStored, openTasks, TaskApi, TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Opens the same user's tasks on another device. */
async function openDevice({ person }: TaskPage, path = '/all'): Promise<TaskPage> {
  const context = await web().newBrowser();
  await web().signIn(context, person);
  const page = await context.newPage();
  const list = new TaskPage(page, context, new TaskApi(context), person);
  const following = page.waitForResponse(/changes\/stream/);
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await following;
  return list;
}

/** Opens tasks in two browsers, both of which follow what the other does. */
async function openDevices(...tasks: (Partial<ApiTask> & { title: string })[]) {
  const one = await openTasks(web(), '/trash', { tasks });
  const following = one.page.waitForResponse(/changes\/stream/);
  await one.page.goto('/all?sort=title');
  await following;
  return { one, other: await openDevice(one, '/all?sort=title') };
}

/** Counts the requests of a page for lists of tasks from now on. */
function countReads({ page }: TaskPage): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.method() === 'GET' && /\/api\/v1\/tasks(\?|$)/.test(request.url())) count += 1;
  });
  return () => count;
}

describe('two devices', () => {
  it('show what the other does as it happens, without reading the list again', async () => {
    const { one, other } = await openDevices({ title: 'Bread' }, { title: 'Milk' });
    await other.row('Milk').waitFor();
    await one.row('Milk').waitFor();
    // The first visit reads the list again once it knows from where to follow.
    const following = other.page.waitForResponse(/changes\/stream/);
    await other.page.reload();
    await following;
    await other.row('Milk').waitFor();
    const reads = countReads(other);
    await one.addTask('Eggs');
    await other.row('Eggs').waitFor();
    expect(await other.titles()).toEqual(['Bread', 'Eggs', 'Milk']);
    const editor = await one.edit('Bread');
    await editor.getByLabel('Title').fill('Soy bread');
    await editor.getByRole('button', { name: 'Save' }).click();
    await other.row('Soy bread').waitFor();
    expect(await other.titles()).toEqual(['Eggs', 'Milk', 'Soy bread']);
    await one.row('Milk').getByRole('checkbox').click();
    await other.row('Milk').waitFor({ state: 'detached' });
    await one.row('Eggs').hover();
    await one.row('Eggs').getByRole('button', { name: /trash/ }).click();
    await other.row('Eggs').waitFor({ state: 'detached' });
    await one.page.getByRole('button', { name: 'Undo' }).click();
    await other.row('Eggs').waitFor();
    expect(reads()).toBe(0);
    await expect(countStored(other.page, 'tasks')).resolves.toBe(3);
  });

  it('count, and show lists and subtasks, alike', async () => {
    const { one, other } = await openDevices({ title: 'Trip' });
    const panel = new ListPanel(other);
    const { id } = await one.api.send<{ id: string }>('POST', '/lists', { name: 'Work' });
    await panel.link('Work').waitFor();
    const trip = await one.api.idOf('Trip');
    await one.api.patch(trip, { listId: id });
    await panel.link('Work').getByText('1 open task').waitFor();
    const [subtask] = await one.api.create({ title: 'Tickets', parentId: trip });
    const progress = (text: string) => other.row('Trip').getByText(text).waitFor();
    await progress('0 of 1 subtasks completed');
    await one.api.patch(subtask?.id ?? '', { completed: true });
    await progress('1 of 1 subtasks completed');
    await one.api.delete(subtask?.id ?? '');
    await other.row('Trip').getByText('subtasks completed').waitFor({ state: 'detached' });
    await one.api.send('DELETE', `/lists/${id}`);
    await panel.link('Work').waitFor({ state: 'detached' });
    await other.row('Trip').waitFor({ state: 'detached' });
  });

  it('leave the row that a person is on where it is, and one that they edit', async () => {
    const { one, other } = await openDevices({ title: 'Bread' }, { title: 'Milk' });
    await other.row('Milk').click({ position: { x: 2, y: 2 } });
    await one.addTask('Apples');
    await other.row('Apples').waitFor();
    await other.page.keyboard.press('e');
    await other.editor.getByLabel('Title').fill('Oat milk');
    await one.api.delete(await one.api.idOf('Milk'));
    await one.addTask('Butter');
    await other.row('Butter').waitFor();
    await other.editor.getByRole('button', { name: 'Save' }).click();
    const dialog = other.page.getByRole('dialog', { name: 'Needs your decision' });
    await dialog.getByText('“Oat milk” was not saved').waitFor();
    await dialog.getByRole('button', { name: 'Add as a new task' }).click();
    await one.row('Oat milk').waitFor();
  });

  it('catch up after a time without a connection, and lose nothing of what both did', async () => {
    const { one, other } = await openDevices({ title: 'Bread' }, { title: 'Milk' });
    await other.row('Milk').waitFor();
    await other.goOffline();
    await other.addTask('Eggs');
    const editor = await other.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await editor.getByRole('button', { name: 'Save' }).click();
    await one.api.patch(await one.api.idOf('Milk'), { title: 'Soy milk' });
    await one.api.patch(await one.api.idOf('Bread'), { title: 'Rye bread' });
    await one.addTask('Apples');
    await other.goOnline();
    for (const title of ['Apples', 'Rye bread', 'Eggs']) await other.row(title).waitFor();
    await one.row('Eggs').waitFor();
    const dialog = other.page.getByRole('dialog', { name: 'Needs your decision' });
    await dialog.getByRole('cell', { name: 'Soy milk' }).waitFor();
    await dialog.getByRole('button', { name: 'Keep yours' }).click();
    await one.row('Oat milk').waitFor();
    await until(async () => (await other.titles()).length === 4);
    // A task that a person edits stays where it is until the list is read again.
    expect((await other.titles()).sort()).toEqual(await one.titles());
  });

  it('read all again when the log does not reach back', async () => {
    const one = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const other = await openDevice(one);
    await other.row('Milk').waitFor();
    await other.goOffline();
    const problem = {
      type: 'about:blank',
      title: 'Gone',
      status: 410,
      code: 'change_token_expired',
      detail: 'Changes after this token are no longer kept.',
    };
    await other.context.route(
      '**/api/v1/changes/stream*',
      (route) =>
        route.fulfill({ status: 410, contentType: 'application/problem+json', json: problem }),
      { times: 1 },
    );
    await one.api.patch(await one.api.idOf('Milk'), { title: 'Oat milk' });
    await other.goOnline();
    await other.row('Oat milk').waitFor();
    await one.api.patch(await one.api.idOf('Oat milk'), { title: 'Soy milk' });
    await other.row('Soy milk').waitFor();
  });
});

describe('two tabs', () => {
  it('have one connection, which the other takes over from the tab that is closed', async () => {
    const { one, other } = await openDevices({ title: 'Milk' });
    let streams = 0;
    other.context.on('request', (request) => {
      if (request.url().includes('/changes/stream')) streams += 1;
    });
    const page = await other.context.newPage();
    await page.goto('/all?sort=title');
    const second = new TaskPage(page, other.context, other.api, other.person);
    await second.row('Milk').waitFor();
    await one.addTask('Bread');
    await second.row('Bread').waitFor();
    await other.row('Bread').waitFor();
    expect(streams).toBe(0);
    await other.page.close();
    await one.addTask('Eggs');
    await second.row('Eggs').waitFor();
    expect(streams).toBe(1);
  });

  it('show a task that is being added once', async () => {
    const { one } = await openDevices();
    await one.context.route('**/api/v1/tasks', async (route) => {
      const response = await route.fetch();
      // The log is faster than the response.
      await one.page.waitForTimeout(300);
      await route.fulfill({ response });
    });
    const counts = await one.page.evaluateHandle<number[]>(`(() => {
      const counts = [];
      new MutationObserver(() => counts.push(document.querySelectorAll('[aria-label=Eggs]').length))
        .observe(document.body, { childList: true, subtree: true });
      return counts;
    })()`);
    await one.addTask('Eggs');
    await one.sent();
    expect(Math.max(...(await counts.jsonValue()))).toBe(1);
  });
});
