import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { claims, SECRET_MODE, signWithSecret } from '../../test/support/tokens.js';
import { barriers, capture, clipped, overflow, stored } from './support/inspect.js';
import { createLists } from './support/list-panel.js';
import { TaskApi } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

interface ApiFeed {
  readonly id: string;
  readonly listId: string | null;
  readonly as: string;
}

const web = useWeb();
const ADDRESS = '**/api/v1/feeds**';
const section = (page: Page) => page.getByRole('region', { name: 'Calendar feeds' });

async function open(options: BrowserContextOptions = {}) {
  const context = await web().newBrowser(options);
  await web().signUp(context);
  const api = new TaskApi(context);
  const [garden] = await createLists(api, { name: 'Garden' }, { name: 'W'.repeat(100) });
  await api.create(
    { title: 'Sow beans', due: '2031-04-05', listId: garden?.id ?? null },
    { title: 'Elsewhere', due: '2031-04-06' },
  );
  const page = await context.newPage();
  await page.goto('/account');
  await section(page).getByText('You have no calendar feeds.').waitFor();
  const feeds = async () => (await api.send<{ data: ApiFeed[] }>('GET', '/feeds')).data;
  return { page, context, api, garden, feeds };
}

async function openDialog(page: Page): Promise<Locator> {
  await section(page).getByRole('button', { name: 'New feed' }).click();
  const dialog = page.getByRole('dialog', { name: 'New feed' });
  await dialog.waitFor();
  return dialog;
}

/** Sends the dialog, and returns the one that shows the address. */
async function create(page: Page, list = 'All tasks', kind = 'Events'): Promise<Locator> {
  const dialog = await openDialog(page);
  await dialog.getByLabel('Tasks').selectOption(list);
  await dialog.getByLabel('Shown as').selectOption(kind);
  await dialog.getByRole('button', { name: 'Create feed' }).click();
  const created = page.getByRole('dialog', { name: 'Copy the address' });
  await created.waitFor();
  return created;
}

const addressOf = (dialog: Locator) => dialog.getByLabel('Address').inputValue();
/** Reads a calendar as a calendar program does. The server names itself by its own address. */
const read = (address: string) => fetch(new URL(new URL(address).pathname, web().url));

describe('calendar feeds', () => {
  it('show one list, by an address that is shown and copied once', async () => {
    const { page, context, garden, feeds } = await open();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const dialog = await create(page, 'Garden', 'To-dos');
    await dialog.getByText('It is not shown again.').waitFor();
    const address = await addressOf(dialog);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('Copied.').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(address);
    const calendar = await (await read(address)).text();
    expect(calendar).toMatch(/BEGIN:VTODO[^]*Sow beans/);
    expect(calendar).not.toMatch(/Elsewhere/);
    expect(await feeds()).toMatchObject([{ listId: garden?.id, as: 'todos' }]);

    await dialog.getByRole('button', { name: 'Done' }).click();
    await section(page).getByText('Garden (To-dos)').waitFor();
    const secret = new URL(address).pathname;
    expect(await page.content()).not.toContain(secret);
    expect((await stored(page)) + page.url()).not.toContain(secret);
  });

  it('show all tasks as events', async () => {
    const { page } = await open();
    const calendar = await (await read(await addressOf(await create(page)))).text();
    expect(calendar).toMatch(/BEGIN:VEVENT[^]*Sow beans/);
    expect(calendar).toMatch(/Elsewhere/);
  });

  it('are revoked once the person confirms it', async () => {
    const { page, feeds } = await open();
    const dialog = await create(page);
    const address = await addressOf(dialog);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke the feed “All tasks (Events)”' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke the feed “All tasks (Events)”?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await feeds()).toHaveLength(1);
    await page.getByRole('button', { name: 'Revoke the feed “All tasks (Events)”' }).click();
    await question.getByRole('button', { name: 'Revoke', exact: true }).click();
    await section(page).getByText('The feed “All tasks (Events)” is revoked.').waitFor();
    await section(page).getByText('You have no calendar feeds.').waitFor();
    expect((await read(address)).status).toBe(404);
  });

  it('created before the list of them has arrived are shown in it', async () => {
    const context = await web().newBrowser();
    await web().signUp(context);
    const page = await context.newPage();
    const read = Promise.withResolvers<true>();
    const created = Promise.withResolvers<true>();
    await context.route('**/api/v1/feeds', async (route) => {
      if (route.request().method() === 'POST') return route.fallback();
      const response = await route.fetch();
      read.resolve(true);
      await created.promise;
      await route.fulfill({ response });
    });
    await page.goto('/account');
    await read.promise;
    const dialog = await create(page);
    created.resolve(true);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await section(page).getByText('All tasks (Events)').waitFor();
  });

  it('name a list in the trash', async () => {
    const { page, api, garden } = await open();
    await api.send('POST', '/feeds', { as: 'events', listId: garden?.id });
    await api.send('DELETE', `/lists/${String(garden?.id)}`);
    await page.reload();
    await section(page).getByText('A list in the trash (Events)').waitFor();
  });

  it('of a list that is gone are refused with a reason', async () => {
    const { page, context, api, garden } = await open();
    // The page does not learn of it.
    await context.route('**/api/v1/lists?**', (route) => route.abort());
    const dialog = await openDialog(page);
    await dialog.getByLabel('Tasks').selectOption('Garden');
    await context.route('**/api/v1/feeds', async (route) => {
      if (route.request().method() === 'POST') {
        await api.send('DELETE', `/lists/${String(garden?.id)}`);
      }
      await route.continue();
    });
    await dialog.getByRole('button', { name: 'Create feed' }).click();
    await dialog.getByRole('alert').getByText('This list is gone.').waitFor();
  });

  it('are refused beyond 20', async () => {
    const { page, api } = await open();
    for (let i = 0; i < 20; i++) await api.send('POST', '/feeds', { as: 'events' });
    const dialog = await openDialog(page);
    await dialog.getByRole('button', { name: 'Create feed' }).click();
    await dialog.getByRole('alert').getByText('Revoke one first.').waitFor();
  });

  it('whose response is lost are shown, to be revoked', async () => {
    const { page } = await open();
    await page.route(ADDRESS, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    const dialog = await openDialog(page);
    await dialog.getByRole('button', { name: 'Create feed' }).click();
    await dialog.getByText('The feed may have been created all the same').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await section(page).getByText('All tasks (Events)').waitFor();
  });
});

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  it('feeds and their dialogs keep nobody out', async () => {
    const { page, api } = await open(look);
    const inspect = async (name: string) => {
      expect(await barriers(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await clipped(page)).toEqual([]);
      await capture(page, `${name}-${suffix}`);
    };
    const wide = (await api.send<{ data: { id: string; name: string }[] }>('GET', '/lists')).data;
    const listId = wide.find(({ name }) => name.startsWith('W'))?.id;
    await api.send('POST', '/feeds', { as: 'todos', listId });
    await page.reload();
    await section(page).getByText('(To-dos)').waitFor();
    await section(page).scrollIntoViewIfNeeded();
    await inspect('feeds');
    const dialog = await openDialog(page);
    await inspect('feed-new');
    await dialog.getByRole('button', { name: 'Create feed' }).click();
    await page.getByRole('dialog', { name: 'Copy the address' }).waitFor();
    await inspect('feed-created');
  });
});

it('is all in German', async () => {
  const context = await web().newBrowser({
    locale: 'de-DE',
    viewport: { width: 390, height: 850 },
  });
  await web().signUp(context);
  const page = await context.newPage();
  await page.goto('/account');
  await page.getByRole('button', { name: 'Neues Abo' }).click();
  await page.getByRole('button', { name: 'Abo erstellen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Kopieren Sie die Adresse' });
  await dialog.waitFor();
  await capture(page, 'feed-created-german');
  await dialog.getByRole('button', { name: 'Fertig' }).click();
  await page
    .getByRole('button', { name: 'Das Abo „Alle Aufgaben (Termine)“ widerrufen' })
    .scrollIntoViewIfNeeded();
  expect(await overflow(page)).toBe(0);
  expect(await clipped(page)).toEqual([]);
  await capture(page, 'feeds-german');
});

describe('with a remote issuer', () => {
  const remote = useWeb(() => SECRET_MODE);

  it('creates and revokes feeds, and says what ends them', async () => {
    const page = await remote().open('/account');
    await page.getByLabel('Token', { exact: true }).fill(await signWithSecret(claims()));
    await page.getByRole('button', { name: 'Enter' }).click();
    await section(page).getByText('Revoke them before you delete your account').waitFor();
    await (await create(page)).getByRole('button', { name: 'Done' }).click();
    await section(page)
      .getByRole('button', { name: /^Revoke the feed/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await section(page)
      .getByText(/is revoked/)
      .waitFor();
  });
});
