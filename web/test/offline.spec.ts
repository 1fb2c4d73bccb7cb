import { describe, expect, it } from '@jest/globals';
import { createDatabase } from '../../test/support/database.js';
import { freePort } from '../../test/support/free-port.js';
import { Program } from '../../test/support/program.js';
import { openTasks, TaskApi, TaskPage, workerReady } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

describe('without a network', () => {
  it('changes wait, over a reload, and are sent once and in order', async () => {
    const tasks = [{ title: 'Milk' }, { title: 'Bread' }, { title: 'Tea' }];
    const list = await openTasks(web(), '/all', { tasks });
    const { page } = list;
    await list.goOffline();
    await list.addTask('Eggs tomorrow #home');
    await list.row('Eggs').getByRole('img', { name: 'Not sent yet' }).waitFor();
    await list.row('Milk').getByRole('checkbox').click();
    // Shown once it is stored: a reload before that interrupts the change.
    await list.row('Milk').getByRole('checkbox', { checked: true }).waitFor();
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
    await list.goOnline();
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
    await list.goOffline();
    await list.page.goto('/all?q=mil');
    await list.offline.waitFor();
    await expect(list.titles()).resolves.toEqual(['Milk']);
    await list.page.goto('/all?tags=HOME');
    await list.row('Milk').waitFor();
    await expect(list.titles()).resolves.toEqual(['Milk']);
  });

  it('a change that was undone is never sent', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    await list.goOffline();
    await list.row('Milk').getByRole('checkbox').click();
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.page.getByText('Undone: “Milk”').waitFor();
    await list.addTask('Bread');
    await list.row('Bread').waitFor();
    const sent: string[] = [];
    list.page.on('request', (request) => {
      if (request.url().includes('/api/v1/') && request.method() !== 'GET')
        sent.push(request.method());
    });
    await list.goOnline();
    // Changes are sent in their order: it would have been the first.
    await list.sent();
    expect(sent).toEqual(['POST']);
    await expect(list.api.list('q=Milk')).resolves.toMatchObject([
      { completed: false, version: 1 },
    ]);
  });

  it('a response that was lost does not make a second task, nor show one', async () => {
    const list = await openTasks(web());
    const lost = Promise.withResolvers<undefined>();
    const mayRepeat = Promise.withResolvers<undefined>();
    let posts = 0;
    await list.page.route('**/api/v1/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      posts += 1;
      if (posts > 1) return mayRepeat.promise.then(() => route.fallback());
      await route.fetch();
      await route.abort('connectionreset');
      lost.resolve(undefined);
    });
    await list.addTask('Milk');
    await lost.promise;
    await list.page.reload();
    // The list has it already, as the server made it.
    await list.row('Milk').waitFor();
    await expect(list.titles()).resolves.toEqual(['Milk']);
    mayRepeat.resolve(undefined);
    await list.sent();
    await expect(list.api.list()).resolves.toHaveLength(1);
    expect(posts).toBeGreaterThan(1);
    await expect(list.titles()).resolves.toEqual(['Milk']);
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
      web().watch(context, url);
      await context.request.post('/api/auth/sign-up/email', {
        data: { name: 'Ada', email: 'ada@example.org', password: 'Korrekt-Pferd-77' },
        headers: { origin: url },
      });
      const page = await context.newPage();
      await page.goto('/all');
      const api = new TaskApi(context);
      const list = new TaskPage(page, context, api, { name: 'Ada', email: 'ada@example.org' });
      await workerReady(page);
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
