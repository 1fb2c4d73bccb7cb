import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { countStored, openTasks, type TaskPage } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

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
    await until(async () => (await countStored(list.page, 'tasks')) === 0);
    await expect(list.page.evaluate('sessionStorage.length')).resolves.toBe(0);
  });

  it('keeps nothing of what arrives after it, and sends nothing twice', async () => {
    const list = await openTasks(web());
    const arrived = Promise.withResolvers<true>();
    const release = Promise.withResolvers<true>();
    let posts = 0;
    await list.page.route('**/api/v1/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      posts += 1;
      const response = await route.fetch();
      arrived.resolve(true);
      await release.promise;
      return route.fulfill({ response });
    });
    await list.addTask('Milk');
    await arrived.promise;
    await list.page.getByRole('link', { name: 'Account' }).click();
    await list.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await dialogOf(list).getByRole('button', { name: 'Keep for this account' }).click();
    await signedOut(list);
    release.resolve(true);
    await list.sent();
    await expect(countStored(list.page, 'tasks')).resolves.toBe(0);
    await web().signIn(list.context, list.person);
    await list.page.goto('/all');
    await list.row('Milk').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ title: 'Milk', version: 1 }]);
    expect(posts).toBe(1);
  });

  it.each([
    { choice: 'Keep for this account', kept: ['Milk'] },
    { choice: 'Discard', kept: [] },
  ])('asks when the session has ended, too: $choice', async ({ choice, kept }) => {
    const list = await openTasks(web(), '/all', { isDeaf: true });
    // The page should notice the end by the change, not while it is typed.
    await list.page.waitForLoadState('networkidle');
    const headers = { origin: web().url };
    await list.context.request.post('/api/auth/sign-out', { data: {}, headers });
    await list.addTask('Milk');
    const ended = list.page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.getByRole('button', { name: 'Leave instead' }).click();
    await dialogOf(list).waitFor();
    await expect(dialogOf(list).getByRole('button', { name: /^Send/ }).count()).resolves.toBe(0);
    await list.page.keyboard.press('Escape');
    await dialogOf(list).waitFor({ state: 'detached' });
    await ended.getByRole('button', { name: 'Leave instead' }).click();
    await dialogOf(list).getByRole('button', { name: choice }).click();
    await signedOut(list);
    await web().signIn(list.context, list.person);
    await list.page.goto('/all');
    if (kept.length > 0) await list.row('Milk').waitFor();
    else await list.page.getByText('No open tasks.').waitFor();
    await list.sent();
    expect((await list.api.list()).map(({ title }) => title)).toEqual(kept);
  });
});
