import { describe, expect, it } from '@jest/globals';
import { openTasks, TaskPage, workerReady } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

async function openTwoTabs() {
  const one = await openTasks(web(), '/all', { tasks: [{ title: 'Milk' }] });
  const page = await one.context.newPage();
  await page.goto('/all');
  const other = new TaskPage(page, one.context, one.api, one.person);
  await other.row('Milk').waitFor();
  return { one, other };
}

describe('two tabs', () => {
  it('show each other’s changes', async () => {
    const { one, other } = await openTwoTabs();
    await one.addTask('Bread');
    await other.row('Bread').waitFor();
    await other.row('Milk').getByRole('checkbox').click();
    await one.row('Milk').getByRole('checkbox', { checked: true }).waitFor();
    await one.row('Bread').hover();
    await one.row('Bread').getByRole('button', { name: /trash/ }).click();
    await other.row('Bread').waitFor({ state: 'detached' });
  });

  it('send what waited once, though both have seen it', async () => {
    const { one, other } = await openTwoTabs();
    await workerReady(other.page);
    await one.goOffline();
    for (const title of ['A', 'B', 'C']) {
      await one.addTask(title);
      await other.row(title).getByRole('img', { name: 'Not sent yet' }).waitFor();
    }
    // Edited in the other tab before it was ever sent.
    const editor = await other.edit('B');
    await editor.getByLabel('Title').fill('B2');
    await editor.getByRole('button', { name: 'Save' }).click();
    await one.row('B2').waitFor();
    await one.goOnline();
    await one.sent();
    const titles = (await one.api.list('sort=title')).map(({ title }) => title);
    expect(titles).toEqual(['A', 'B2', 'C', 'Milk']);
    await expect(one.api.list('q=B2')).resolves.toMatchObject([{ version: 1 }]);
  });

  it('keep their own drafts', async () => {
    const { one, other } = await openTwoTabs();
    await one.add.fill('one');
    await other.add.fill('other');
    await other.page.reload();
    await expect(other.add.inputValue()).resolves.toBe('other');
    await expect(one.add.inputValue()).resolves.toBe('one');
  });
});
