import { describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { PASSWORD } from '../../test/support/identity.js';
import { type Person, useWeb } from './support/web.js';

const web = useWeb();

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly person: Person;
}

async function open(): Promise<Opened> {
  const context = await web().newBrowser();
  const person = await web().signUp(context);
  const page = await context.newPage();
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  return { page, context, person };
}

const section = (page: Page, name: string) => page.getByRole('region', { name });

describe('the account page', () => {
  it('changes the name, at once and for good', async () => {
    const { page } = await open();
    await page.getByLabel('Name').fill('  Ada King <b>  ');
    await section(page, 'Profile').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    const navigation = page.getByRole('navigation', { name: 'Main' });
    await navigation.getByText('Ada King <b>', { exact: true }).waitFor();
    await page.reload();
    await navigation.getByText('Ada King <b>', { exact: true }).waitFor();
  });

  it('refuses a blank name before it is sent', async () => {
    const { page } = await open();
    await page.getByLabel('Name').fill('   ');
    await section(page, 'Profile').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Please fill this in.').waitFor();
  });

  it('changes the password, which ends every other session', async () => {
    const { page, person } = await open();
    const other = await web().newBrowser();
    await web().signIn(other, person);
    const form = section(page, 'Password');
    await form.getByLabel('Current password').fill('not my password');
    await form.getByLabel('New password', { exact: true }).fill('walrus orbit lantern');
    await form.getByRole('button', { name: 'Change password' }).click();
    await form.getByText('This is not your password.').waitFor();

    await form.getByLabel('Current password').fill(PASSWORD);
    await form.getByRole('button', { name: 'Change password' }).click();
    await form.getByText('Every other session has ended.').waitFor();
    const session = await other.request.get('/api/auth/get-session');
    await expect(session.json()).resolves.toBeNull();
    await page.reload();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  });

  it('lists the sessions, and ends one of them', async () => {
    const { page, person } = await open();
    const other = await web().newBrowser({
      userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
    });
    await web().signIn(other, person);
    await page.reload();
    const sessions = section(page, 'Sessions');
    await sessions.getByText('This device').waitFor();
    await sessions.getByRole('button', { name: 'End the session of Firefox on Windows' }).click();
    await sessions.getByText('No other device is signed in.').waitFor();
    const session = await other.request.get('/api/auth/get-session');
    await expect(session.json()).resolves.toBeNull();
  });

  it('ends all other sessions', async () => {
    const { page, person } = await open();
    const others = [await web().newBrowser(), await web().newBrowser()];
    for (const other of others) await web().signIn(other, person);
    await page.reload();
    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await page.getByText('The other sessions have ended.').waitFor();
    for (const other of others) {
      const session = await other.request.get('/api/auth/get-session');
      await expect(session.json()).resolves.toBeNull();
    }
  });

  it('shows that sessions could not be ended', async () => {
    const { page, person } = await open();
    await web().signIn(await web().newBrowser({ userAgent: 'x Firefox/140.0' }), person);
    await page.reload();
    await page.route('**/api/auth/revoke-*', (route) => route.abort('connectionrefused'));
    const sessions = section(page, 'Sessions');
    const failure = sessions.getByText('The server cannot be reached.');
    await sessions.getByRole('button', { name: /^End the session of/ }).click();
    await failure.waitFor();
    await sessions.getByRole('button', { name: 'End all other sessions' }).click();
    await failure.nth(1).waitFor();
  });

  it('deletes the account with its password alone', async () => {
    const { page, person } = await open();
    const form = section(page, 'Delete account');
    await form.getByLabel('Password', { exact: true }).fill('not my password');
    await form.getByRole('button', { name: 'Delete my account' }).click();
    await form.getByText('This is not your password.').waitFor();
    await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await form.getByRole('button', { name: 'Delete my account' }).click();
    await page.waitForURL('**/sign-in');

    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The address or the password is wrong.').waitFor();
  });

  it('keeps to the colours that the user chooses', async () => {
    const { page } = await open();
    const scheme = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme');
    expect(await scheme()).toBe('light');
    await page.getByLabel('Theme').selectOption('Dark');
    expect(await scheme()).toBe('dark');
    await page.reload();
    await page.getByLabel('Theme').waitFor();
    expect(await scheme()).toBe('dark');
  });
});
