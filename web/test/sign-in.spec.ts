import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newAddress, PASSWORD } from '../../test/support/identity.js';
import { workerReady } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

async function fill(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const newPerson = async (name?: string) => web().signUp(await web().newBrowser(), name);

describe('sign-in', () => {
  it('leads to the page that was asked for', async () => {
    const { email } = await newPerson();
    const page = await web().open('/account');
    await page.waitForURL('**/sign-in?next=%2Faccount');
    await fill(page, email);
    await page.waitForURL('**/account');
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  });

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'does not lead to %s',
    async (next) => {
      const { email } = await newPerson();
      const page = await web().open(`/sign-in?next=${encodeURIComponent(next)}`);
      await fill(page, email);
      await page.waitForURL(`${web().url}/today`);
    },
  );

  it('does not tell a wrong password from an unknown address', async () => {
    const { email } = await newPerson();
    const page = await web().open('/sign-in');
    await fill(page, email, 'another horse battery');
    await page.getByRole('alert').getByText('The address or the password is wrong.').waitFor();
    await fill(page, newAddress());
    await page.getByRole('alert').getByText('The address or the password is wrong.').waitFor();
  });

  it('says that the server cannot be reached, and keeps the form', async () => {
    const { email } = await newPerson();
    const page = await web().open('/sign-in');
    await page.getByLabel('E-mail').waitFor();
    await page.context().setOffline(true);
    await fill(page, email);
    await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/today');
  });

  it('outlives a restart of the browser, unless the user wants otherwise', async () => {
    const { email } = await newPerson();
    for (const isKept of [true, false]) {
      const page = await web().open('/sign-in');
      await page.getByLabel('E-mail').waitFor();
      if (!isKept) await page.getByLabel('Stay signed in on this device').uncheck();
      await fill(page, email);
      await page.waitForURL('**/today');
      // A browser that ends keeps the cookies that have an end of their own.
      const state = await page.context().storageState();
      const cookies = state.cookies.filter(({ expires }) => expires !== -1);
      const restarted = await web().newBrowser({ storageState: { ...state, cookies } });
      const next = await restarted.newPage();
      await next.goto('/');
      await next.waitForURL(isKept ? '**/today' : '**/sign-in');
    }
  });

  it('is shown in the language of the browser, and in the one chosen later', async () => {
    const context = await web().newBrowser({ locale: 'de-AT' });
    await web().signUp(context);
    const page = await context.newPage();
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor();
    await expect(page.getAttribute('html', 'lang')).resolves.toBe('de');
    await page.getByLabel('Sprache').selectOption('English');
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  });
});

describe('sign-out', () => {
  it('leads to the sign-in, and the session is over', async () => {
    const context = await web().newBrowser();
    await web().signUp(context);
    const page = await context.newPage();
    await page.goto('/account');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    const session = await context.request.get('/api/auth/get-session');
    await expect(session.json()).resolves.toBeNull();
    await page.goto('/today');
    await page.waitForURL('**/sign-in');
  });

  it('is refused while the server cannot be reached: the cookie would still be good', async () => {
    const context = await web().newBrowser();
    await web().signUp(context);
    const page = await context.newPage();
    await page.goto('/account');
    const button = page.getByRole('button', { name: 'Sign out' });
    await button.waitFor();
    await workerReady(page);
    await context.setOffline(true);
    await button.click();
    await page.locator('header').getByText('The server cannot be reached.').waitFor();
    expect(page.url()).toMatch(/\/account$/);
  });
});
