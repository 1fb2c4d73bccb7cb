import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import { PASSWORD } from '../../test/support/identity.js';
import { launchOptions } from './support/chromium.js';
import { openTasks, TaskApi, TaskPage, workerReady } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Ends the session, as the person does on another device. */
const endSession = ({ context }: TaskPage) =>
  context.request.post('/api/auth/sign-out', { data: {}, headers: { origin: web().url } });

describe('a session that ends while a task is edited', () => {
  it('loses neither the words nor the change, which is sent after the sign-in', async () => {
    // The end of the stream would open the dialog over what is pressed.
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }], isDeaf: true });
    const { page } = list;
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await list.add.fill('half a line');
    await endSession(list);
    await editor.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await expect(list.add.inputValue()).resolves.toBe('half a line');
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Oat milk', version: 2 }]);
    await expect(list.add.inputValue()).resolves.toBe('half a line');
  });
});

describe('a browser that is closed', () => {
  it('keeps what waits, and sends it when it is opened again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taskward-browser-'));
    const open = async () => {
      const context = await chromium.launchPersistentContext(directory, {
        ...launchOptions(),
        baseURL: web().url,
        locale: 'en-GB',
      });
      web().watch(context);
      const page = context.pages()[0] ?? (await context.newPage());
      return { context, page };
    };
    try {
      const first = await open();
      const person = await web().signUp(first.context);
      await first.page.goto('/all');
      await workerReady(first.page);
      await first.context.setOffline(true);
      const before = new TaskPage(first.page, first.context, new TaskApi(first.context), person);
      await before.addTask('Milk');
      await before.row('Milk').waitFor();
      await first.context.close();

      const second = await open();
      const after = new TaskPage(second.page, second.context, new TaskApi(second.context), person);
      await second.page.goto('/all');
      await after.row('Milk').waitFor();
      await after.sent();
      await expect(after.api.list()).resolves.toMatchObject([{ title: 'Milk', version: 1 }]);
      await second.context.close();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
