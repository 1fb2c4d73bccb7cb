import { describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { PASSWORD } from '../../test/support/identity.js';
import { claims, SECRET_MODE, signWithSecret } from '../../test/support/tokens.js';
import { until } from '../../test/support/until.js';
import { barriers, capture, clipped, overflow, stored } from './support/inspect.js';
import { deafen, TaskApi } from './support/task-page.js';
import { LOOKS, useWeb, type Web } from './support/web.js';

interface ApiToken {
  readonly name: string;
  readonly scopes: string[];
  readonly expiresAt: string | null;
}

const CREATED = /^tw_pat_[0-9A-Za-z]{42}$/;
const ADDRESS = '**/api/v1/tokens**';
/** Every store of the page's origin, with its keys and values. */
const STORED_IN_DATABASES = `(async () => {
  const result = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await result(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const all = await result(database.transaction(store).objectStore(store).getAll());
      texts.push(JSON.stringify(all));
    }
    database.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) texts.push(request.url);
  return texts.join();
})()`;

const section = (page: Page) => page.getByRole('region', { name: 'Personal tokens' });
const item = (page: Page, name: string) =>
  section(page).getByRole('listitem').filter({ hasText: name });

class TokensPage {
  readonly api: TaskApi;

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    this.api = new TaskApi(context);
  }

  static async open(web: Web, options: BrowserContextOptions = {}): Promise<TokensPage> {
    const context = await web.newBrowser(options);
    await web.signUp(context);
    const opened = new TokensPage(await context.newPage(), context);
    await opened.page.goto('/account');
    await section(opened.page).getByText('You have no personal tokens.').waitFor();
    return opened;
  }

  async list(): Promise<ApiToken[]> {
    return (await this.api.send<{ data: ApiToken[] }>('GET', '/tokens')).data;
  }

  /** Creates a token as a script does, and shows it. */
  async add(name: string, body: Partial<ApiToken> = {}): Promise<void> {
    const scopes = ['tasks:read'];
    await this.api.send('POST', '/tokens', { name, scopes, expiresAt: null, ...body });
    await this.page.reload();
    await item(this.page, name).waitFor();
  }

  async openDialog(): Promise<Locator> {
    await section(this.page).getByRole('button', { name: 'New token' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New token' });
    await dialog.waitFor();
    return dialog;
  }

  /** Sends the dialog, and returns the one that shows the token. */
  async create(name = 'backup script'): Promise<Locator> {
    const dialog = await this.openDialog();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const created = this.page.getByRole('dialog', { name: 'Copy your new token' });
    await created.waitFor();
    return created;
  }
}

const web = useWeb();
const open = (options?: BrowserContextOptions) => TokensPage.open(web(), options);
const valueOf = (dialog: Locator) => dialog.getByLabel('Token', { exact: true }).inputValue();
const call = (token: string, init: RequestInit = {}) =>
  fetch(`${web().url}/api/v1/tasks`, { ...init, headers: { authorization: `Bearer ${token}` } });

describe('personal tokens', () => {
  it('are created, shown once, copied, and listed without the token', async () => {
    const { page, context, create } = bound(await open());
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const dialog = await create();
    await dialog.getByText('It is not shown again.').waitFor();
    const token = await valueOf(dialog);
    expect(token).toMatch(CREATED);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('Copied.').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(token);
    expect((await call(token)).status).toBe(200);

    await dialog.getByRole('button', { name: 'Done' }).click();
    const row = item(page, 'backup script');
    await row.getByText(/^Read · created .* · expires .* · never used$/).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.reload();
    await row.waitFor();
    expect(await page.content()).not.toContain(token);
  });

  it('are in no storage, cache or address of the browser', async () => {
    const { page, create } = bound(await open());
    const token = await valueOf(await create());
    const kept = [await stored(page), await page.evaluate<string>(STORED_IN_DATABASES), page.url()];
    // The check finds what is there.
    expect(kept.join()).toContain('/assets/');
    expect(kept.join()).not.toContain(token.slice('tw_pat_'.length));
  });

  it('have the access and the end that the person chooses', async () => {
    const opened = await open();
    const { page } = opened;
    const dialog = await opened.openDialog();
    await dialog.getByLabel('Name').fill('  phone  ');
    await dialog.getByLabel('Access').selectOption('Read and change tasks and lists');
    await dialog.getByLabel('Expires').selectOption('At the end of a day …');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('Choose a day that is not over.').waitFor();
    await dialog.getByLabel('Last day').fill('2001-01-01');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('Choose a day that is not over.').waitFor();
    await dialog.getByLabel('Last day').fill('2099-12-24');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await item(page, 'phone')
      .getByText(/^Read and change · .* · expires 24 Dec 2099/)
      .waitFor();
    expect(await opened.list()).toMatchObject([
      {
        name: 'phone',
        scopes: ['tasks:read', 'tasks:write'],
        expiresAt: '2099-12-24T22:59:59.000Z',
      },
    ]);

    const second = await opened.openDialog();
    await second.getByLabel('Name').fill('for ever');
    await second.getByLabel('Expires').selectOption('Never');
    await second.getByText('Whoever finds such a token').waitFor();
    await second.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await item(page, 'for ever').getByText('does not expire').waitFor();
    expect(await opened.list()).toMatchObject([{ expiresAt: null }, {}]);
  });

  it('say when they were last used, and that they have expired', async () => {
    const { page, create } = bound(await open());
    const dialog = await create('used');
    await call(await valueOf(dialog));
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.route(ADDRESS, async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { data: object[] };
      const [token] = body.data;
      const expired = { ...token, id: 'x', name: 'old', expiresAt: '2020-05-04T12:00:00Z' };
      const used = { ...token, lastUsedOn: '2026-11-21' };
      await route.fulfill({ response, json: { data: [used, expired] } });
    });
    await page.reload();
    await item(page, 'used').getByText('last used 21 Nov 2026').waitFor();
    await item(page, 'old').getByText('Expired 4 May 2020').waitFor();
  });

  it('are revoked once the person confirms it', async () => {
    const opened = await open();
    const { page } = opened;
    const created = await opened.create();
    const token = await valueOf(created);
    await created.getByRole('button', { name: 'Done' }).click();
    const revoke = page.getByRole('button', { name: 'Revoke “backup script”' });
    await revoke.click();
    const question = page.getByRole('dialog', { name: 'Revoke “backup script”?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await opened.list()).toHaveLength(1);

    await revoke.click();
    await question.getByRole('button', { name: 'Revoke', exact: true }).click();
    await section(page).getByText('“backup script” is revoked.').waitFor();
    await section(page).getByText('You have no personal tokens.').waitFor();
    expect((await call(token)).status).toBe(401);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await until(async () => (await focused()) === 'New token');
  });

  it('that were revoked elsewhere are gone, too', async () => {
    const opened = await open();
    const { page } = opened;
    await opened.add('gone');
    const [token] = (await opened.list()) as (ApiToken & { id: string })[];
    await opened.api.send('DELETE', `/tokens/${String(token?.id)}`);
    await page.getByRole('button', { name: 'Revoke “gone”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await section(page).getByText('You have no personal tokens.').waitFor();
  });

  it('survive a new password, and the page says so', async () => {
    const { page } = await open();
    await section(page).getByText('Changing your password keeps them').waitFor();
    await section(page).getByText('Deleting your account ends them.').waitFor();
  });

  it('are created and revoked by the keyboard alone', async () => {
    const { page, context } = await open();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'New token' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New token' }).waitFor();
    await page.keyboard.type('keys');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Copy your new token' });
    await dialog.waitFor();
    // A slip does not lose the token.
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await valueOf(dialog)).toMatch(CREATED);
    await dialog.getByLabel('Token', { exact: true }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.getByText('Copied.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Revoke “keys”' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Revoke “keys”?' }).waitFor();
    await page.keyboard.press('Enter');
    await section(page).getByText('“keys” is revoked.').waitFor();
  });

  it('are selected where the browser does not let them be copied', async () => {
    const { page, create } = bound(await open());
    const dialog = await create();
    await page.evaluate(
      'Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true })',
    );
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('The browser did not let it be copied.').waitFor();
    expect(await page.evaluate<string>('getSelection().toString()')).toBe(await valueOf(dialog));
  });
});

describe('a refused token', () => {
  it.each([
    { name: '   ', text: 'A token needs a name.' },
    { name: 'x'.repeat(101), text: 'At most 100 characters.' },
  ])('says at its field: $text', async ({ name, text }) => {
    const opened = await open();
    const dialog = await opened.openDialog();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText(text).waitFor();
    expect(await dialog.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    const focused = () => opened.page.evaluate<string>('document.activeElement.ariaInvalid');
    await until(async () => (await focused()) === 'true');
    expect(await opened.list()).toEqual([]);
  });

  it('says that there are 50 already', async () => {
    const opened = await open();
    const body = { name: 'x', scopes: ['tasks:read'], expiresAt: null };
    for (let i = 0; i < 50; i++) await opened.api.send('POST', '/tokens', body);
    const dialog = await opened.openDialog();
    await dialog.getByLabel('Name').fill('one more');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByRole('alert').getByText('Revoke one first.').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('one more');
  });

  it('says that the server cannot be reached, and sends nothing later', async () => {
    const opened = await open();
    const { context } = opened;
    const dialog = await opened.openDialog();
    await dialog.getByLabel('Name').fill('offline');
    await context.setOffline(true);
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('The server cannot be reached.').waitFor();
    await context.setOffline(false);
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await opened.page.getByRole('button', { name: 'Done' }).click();
    expect(await opened.list()).toHaveLength(1);
  });

  it('whose response is lost is shown, to be revoked', async () => {
    const opened = await open();
    const { page } = opened;
    await page.route(ADDRESS, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    const dialog = await opened.openDialog();
    await dialog.getByLabel('Name').fill('lost');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('The token may have been created all the same').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await item(page, 'lost').waitFor();
  });

  it('waits for a sign-in, if the session has ended', async () => {
    const context = await web().newBrowser();
    await deafen(context);
    await web().signUp(context);
    const page = await context.newPage();
    await page.goto('/account');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('later');
    await context.request.post('/api/auth/sign-out', { data: {}, headers: { origin: web().url } });
    await page.getByRole('button', { name: 'Create token' }).click();
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await ended.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('dialog', { name: 'Copy your new token' }).waitFor();
  });

  it('says why the list cannot be read', async () => {
    const { page } = await open();
    await page.route(ADDRESS, (route) => route.abort('connectionrefused'));
    await page.reload();
    await section(page).getByText('The server cannot be reached.').waitFor();
    expect(await section(page).getByText('You have no personal tokens.').count()).toBe(0);
  });
});

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  it('tokens and their dialogs keep nobody out', async () => {
    const opened = await open(look);
    const { page } = opened;
    const inspect = async (name: string) => {
      expect(await barriers(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await clipped(page)).toEqual([]);
      await capture(page, `${name}-${suffix}`);
    };
    await opened.add('W'.repeat(100));
    await opened.add('backup script');
    await section(page).scrollIntoViewIfNeeded();
    await inspect('tokens');
    const dialog = await opened.openDialog();
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('A token needs a name.').waitFor();
    await inspect('token-new');
    await dialog.getByLabel('Name').fill('shown');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('dialog', { name: 'Copy your new token' }).waitFor();
    await inspect('token-created');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: /^Revoke “W/ }).click();
    await page.getByRole('dialog', { name: /^Revoke “W/ }).waitFor();
    await inspect('token-revoke');
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
  await page.getByRole('button', { name: 'Neues Token' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Sicherung');
  await page.getByRole('button', { name: 'Token erstellen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Kopieren Sie Ihr neues Token' });
  await dialog.waitFor();
  expect(await overflow(page)).toBe(0);
  await capture(page, 'token-created-german');
  await dialog.getByRole('button', { name: 'Fertig' }).click();
  await page.getByRole('region', { name: 'Persönliche Tokens' }).scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: '„Sicherung“ widerrufen' }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await clipped(page)).toEqual([]);
  await capture(page, 'tokens-german');
});

/** Returns a page whose methods can be taken out of it. */
function bound(opened: TokensPage) {
  const { page, context } = opened;
  return { page, context, create: (name?: string) => opened.create(name) };
}

describe('with a remote issuer', () => {
  const remote = useWeb(() => SECRET_MODE);

  async function enter(scope?: string): Promise<Page> {
    const page = await remote().open('/account');
    const token = await signWithSecret(claims({ sub: 'ada', ...(scope && { scope }) }));
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Enter' }).click();
    await section(page).waitFor();
    return page;
  }

  async function create(page: Page): Promise<void> {
    await section(page).getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('script');
    await dialog.getByLabel('Access').selectOption('Read and change tasks and lists');
    await dialog.getByRole('button', { name: 'Create token' }).click();
  }

  it('creates and revokes personal tokens, and says what ends them', async () => {
    const page = await enter();
    await section(page).getByText('Revoke them before you delete your account').waitFor();
    await create(page);
    await page.getByRole('button', { name: 'Done' }).click();
    await section(page).getByRole('button', { name: 'Revoke “script”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await section(page).getByText('“script” is revoked.').waitFor();
  });

  it('says that the token of the page does not allow it', async () => {
    const page = await enter('tasks:read');
    await create(page);
    const failure = page.getByRole('dialog').getByRole('alert');
    await failure.getByText('does not allow this').waitFor();
  });
});
