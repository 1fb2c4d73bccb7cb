import { describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../../test/support/identity.js';
import { openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

/** Breaks the database of a page, as a full disk does. */
const fillDisk = ({ page }: TaskPage) =>
  page.evaluate(`void (IDBDatabase.prototype.transaction = () => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  })`);

const messageOf = ({ page }: TaskPage) =>
  page.getByText('This browser could not store the change.');

describe('a change that cannot be stored', () => {
  it('leaves the line of a new task as it was', async () => {
    const list = await openTasks(web());
    await fillDisk(list);
    await list.addTask('Milk tomorrow #home');
    await messageOf(list).waitFor();
    await expect(list.add.inputValue()).resolves.toBe('Milk tomorrow #home');
  });

  it('leaves the words of an edit', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
    const editor = await list.edit('Milk');
    await editor.getByLabel('Title').fill('Oat milk');
    await fillDisk(list);
    await editor.getByRole('button', { name: 'Save' }).click();
    await messageOf(list).waitFor();
    await list.edit('Milk');
    await expect(editor.getByLabel('Title').inputValue()).resolves.toBe('Oat milk');
  });

  it('leaves the change that is to become a new task', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }], isDeaf: true });
    await list.renameDeleted('Milk', 'Oat milk');
    const dialog = list.page.getByRole('dialog', { name: 'Needs your decision' });
    await dialog.waitFor();
    await fillDisk(list);
    await dialog.getByRole('button', { name: 'Add as a new task' }).click();
    await messageOf(list).waitFor();
    await list.page.reload();
    await list.page.getByRole('button', { name: 'Decide' }).click();
    await dialog.getByRole('button', { name: 'Add as a new task' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Oat milk', version: 1 }]);
  });
});

describe('a browser without a database', () => {
  async function openAccount() {
    const context = await web().newBrowser();
    await context.addInitScript("Object.defineProperty(window, 'indexedDB', { value: undefined })");
    await web().signUp(context);
    const page = await context.newPage();
    await page.goto('/account');
    return page;
  }

  it('lets its user sign out', async () => {
    const page = await openAccount();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('**/sign-in');
  });

  it('shows that an account is deleted', async () => {
    const page = await openAccount();
    const form = page.getByRole('region', { name: 'Delete account' });
    await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await form.getByRole('button', { name: 'Delete my account' }).click();
    await page.waitForURL('**/sign-in');
  });
});
