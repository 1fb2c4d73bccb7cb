import { describe, expect, it } from '@jest/globals';
import { createDatabase } from '../../test/support/database.js';
import { freePort } from '../../test/support/free-port.js';
import { Program } from '../../test/support/program.js';
import { until } from '../../test/support/until.js';
import { openTasks, TaskApi, TaskPage, workerReady } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

describe('without a network', () => {
  it('changes wait, over a reload, and are sent once and in order', async () => {
    const tasks = [{ title: 'Milk' }, { title: 'Bread' }, { title: 'Tea' }];
    const list = await openTasks(web(), '/all', { tasks });
    const { page, context } = list;
    await workerReady(page);
    await context.setOffline(true);
    await list.addTask('Eggs tomorrow #home');
    await list.row('Eggs').getByRole('img', { name: 'Not sent yet' }).waitFor();
    await list.row('Milk').getByRole('checkbox').click();
    await page.reload();
    await list.offline.waitFor();
    await list.row('Eggs').getByText('#home').waitFor();
    await expect(list.row('Milk').getByRole('checkbox').isChecked()).resolves.toBe(true);
    // Later edits of what was never sent.
    const editor = await list.edit('Eggs');
    await editor.getByLabel('Title').fill('Ten eggs');
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.row('Bread').hover();
    await list.row('Bread').getByRole('button', { name: /trash/ }).click();
    await page.getByText(/\d changes wait and will be sent/).waitFor();
    await expect(list.api.list()).resolves.toHaveLength(3);

    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/') && request.method() !== 'GET')
        posts.push(`${request.method()} ${new URL(request.url()).pathname.split('/').length}`);
    });
    await context.setOffline(false);
    await list.sent();
    expect(posts).toEqual(['POST 4', 'PATCH 5', 'DELETE 5']);
    const kept = await list.api.list('sort=title');
    expect(kept).toMatchObject([
      { title: 'Milk', completed: true },
      { title: 'Tea' },
      { title: 'Ten eggs', tags: ['home'], version: 1 },
    ]);
    await list.offline.waitFor({ state: 'detached' });
    await list
      .row('Ten eggs')
      .getByRole('img', { name: 'Not sent yet' })
      .waitFor({ state: 'detached' });
  });

  it('shows what this device has seen, filtered and searched', async () => {
    const tasks = [{ title: 'Milk', tags: ['home'] }, { title: 'Report' }];
    const list = await openTasks(web(), '/all', { tasks });
    await workerReady(list.page);
    await list.context.setOffline(true);
    await list.page.goto('/all?q=mil');
    await list.offline.waitFor();
    await expect(list.titles()).resolves.toEqual(['Milk']);
    await list.page.goto('/all?tags=HOME');
    await list.row('Milk').waitFor();
    await expect(list.titles()).resolves.toEqual(['Milk']);
  });

  it('a change that was undone is never sent', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    await list.context.setOffline(true);
    await list.row('Milk').getByRole('checkbox').click();
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.sent();
    await list.context.setOffline(false);
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk', version: 1 }]);
  });

  it('a response that was lost does not make a second task', async () => {
    const list = await openTasks(web());
    let isLost = false;
    await list.page.route('**/api/v1/tasks', async (route) => {
      if (route.request().method() !== 'POST' || isLost) return route.fallback();
      isLost = true;
      await route.fetch();
      return route.abort('connectionreset');
    });
    await list.addTask('Milk');
    await list.row('Milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toHaveLength(1);
    expect(isLost).toBe(true);
    await expect(list.titles()).resolves.toEqual(['Milk']);
  });
});

describe('signing out while changes wait', () => {
  const dialogOf = (list: TaskPage) =>
    list.page.getByRole('dialog', { name: 'Some changes are not sent yet' });

  async function leaveWithChange() {
    const list = await openTasks(web(), '/all');
    await list.page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
    await list.addTask('Milk');
    await list.row('Milk').waitFor();
    await list.page.getByRole('link', { name: 'Account' }).click();
    await list.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await dialogOf(list).waitFor();
    return list;
  }

  const signedOut = ({ page }: TaskPage) =>
    page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();

  it('sends them first, if the person says so', async () => {
    const list = await leaveWithChange();
    await list.page.unroute('**/api/v1/**');
    await dialogOf(list).getByRole('button', { name: 'Send, then sign out' }).click();
    await signedOut(list);
    await web().signIn(list.context, list.person);
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk' }]);
  });

  it('says so when they cannot be sent, and the person stays signed in', async () => {
    const list = await leaveWithChange();
    await dialogOf(list).getByRole('button', { name: 'Send, then sign out' }).click();
    await dialogOf(list).getByText('Could not send everything.').waitFor({ timeout: 20_000 });
    await list.page.keyboard.press('Escape');
    await dialogOf(list).waitFor({ state: 'detached' });
    await list.page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  });

  it('keeps them for this account, and never shows or sends them for another', async () => {
    const list = await leaveWithChange();
    await dialogOf(list).getByRole('button', { name: 'Keep for this account' }).click();
    await signedOut(list);
    await list.page.unroute('**/api/v1/**');
    await web().signUp(list.context, 'Grace Hopper');
    await list.page.goto('/all');
    await list.page.getByText('No open tasks.').waitFor();
    await expect(list.rows.count()).resolves.toBe(0);
    await expect(list.api.list()).resolves.toEqual([]);
    await web().signIn(list.context, list.person);
    await list.page.goto('/all');
    await list.row('Milk').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk' }]);
  });

  it('discards them, if the person says so', async () => {
    const list = await leaveWithChange();
    await dialogOf(list).getByRole('button', { name: 'Discard' }).click();
    await signedOut(list);
    await list.page.unroute('**/api/v1/**');
    await web().signIn(list.context, list.person);
    await list.page.goto('/all');
    await list.page.getByText('No open tasks.').waitFor();
    await expect(list.api.list()).resolves.toEqual([]);
  });

  it('forgets the tasks that this device has seen', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    await list.add.fill('half a line');
    await list.page.getByRole('link', { name: 'Account' }).click();
    await list.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await signedOut(list);
    const stored = `new Promise((resolve) => {
      const request = indexedDB.open('taskward');
      request.onsuccess = () => {
        const tasks = request.result.transaction('tasks').objectStore('tasks').count();
        tasks.onsuccess = () => { request.result.close(); resolve(tasks.result); };
      };
    })`;
    await until(async () => (await list.page.evaluate<number>(stored)) === 0);
    await expect(list.page.evaluate('sessionStorage.length')).resolves.toBe(0);
  });
});

describe('a server that is killed', () => {
  it('loses no word: what was typed meanwhile arrives once it is back', async () => {
    const port = String(await freePort());
    const variables = {
      DATABASE_URL: await createDatabase(),
      BETTER_AUTH_SECRET: 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA',
      PORT: port,
      RATE_LIMIT: 'off',
    };
    const start = async () => {
      const program = new Program(variables, process.cwd());
      await program.ready();
      return program;
    };
    let program = await start();
    try {
      const url = `http://localhost:${port}`;
      const context = await web().browser.newContext({ baseURL: url, locale: 'en-GB' });
      await context.request.post('/api/auth/sign-up/email', {
        data: { name: 'Ada', email: 'ada@example.org', password: 'Korrekt-Pferd-77' },
        headers: { origin: url },
      });
      const page = await context.newPage();
      await page.goto('/all');
      const api = new TaskApi(context);
      const list = new TaskPage(page, context, api, { name: 'Ada', email: 'ada@example.org' });
      await list.addTask('before');
      await list.row('before').waitFor();
      await list.sent();
      await program.kill('SIGKILL');
      await list.addTask('while it was down');
      await list.row('while it was down').getByRole('img', { name: 'Not sent yet' }).waitFor();
      program = await start();
      await list.sent();
      const titles = (await api.list()).map(({ title }) => title);
      expect(titles).toEqual(['while it was down', 'before']);
    } finally {
      await program.kill('SIGKILL');
    }
  });
});
