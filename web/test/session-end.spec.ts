import { describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { asDatabaseOwner } from '../../test/support/database.js';
import { PASSWORD } from '../../test/support/identity.js';
import { until } from '../../test/support/until.js';
import { countStored, deafen } from './support/task-page.js';
import { type Person, useWeb } from './support/web.js';

const web = useWeb();

const endSessions = ({ email }: Person) =>
  asDatabaseOwner(
    web().app,
    `delete from auth.session where "userId" in (select id from auth."user" where email = '${email}')`,
  );

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly person: Person;
}

async function open(path = '/account'): Promise<Opened> {
  const context = await web().newBrowser();
  await deafen(context);
  const person = await web().signUp(context);
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  // A request of the navigation could find the end first, and the dialog would be over what is pressed.
  await page.waitForLoadState('networkidle');
  return { page, context, person };
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Your session has ended' });

/** Changes the name, which needs a session. */
async function saveName(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
}

async function signInAgain(page: Page, password = PASSWORD): Promise<void> {
  const dialog = dialogOf(page);
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
}

const nameInNavigation = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByText(name, { exact: true });

describe('the end of a session', () => {
  it('is shown over the page as it is, and the change is carried out after the sign-in', async () => {
    const { page, person } = await open();
    await page.getByLabel('Current password').fill('half typed');
    await endSessions(person);
    await saveName(page, 'Ada King');
    const dialog = dialogOf(page);
    await dialog.waitFor();
    await expect(page.getByLabel('Name').inputValue()).resolves.toBe('Ada King');
    // The address is that of the user, and cannot be changed.
    const email = dialog.getByLabel('E-mail');
    await expect(email.inputValue()).resolves.toBe(person.email);
    await expect(email.getAttribute('readonly')).resolves.not.toBeNull();

    await signInAgain(page, 'not my password');
    await dialog.getByText('The address or the password is wrong.').waitFor();
    await signInAgain(page);
    await nameInNavigation(page, 'Ada King').waitFor();
    await page.getByText('Saved.').waitFor();
    await expect(dialog.count()).resolves.toBe(0);
    await expect(page.getByLabel('Current password').inputValue()).resolves.toBe('half typed');
  });

  it('has the focus in the dialog, and nowhere else', async () => {
    const { page, person } = await open();
    await endSessions(person);
    await saveName(page, 'Ada King');
    const dialog = dialogOf(page);
    await dialog.waitFor();
    const password = dialog.getByLabel('Password', { exact: true });
    await password.waitFor();
    const isInside = () =>
      page.evaluate<boolean>('document.activeElement.closest("[role=dialog]") !== null');
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab');
      expect(await isInside()).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(dialog.isVisible()).resolves.toBe(true);
  });

  it('drops the change when the user leaves instead', async () => {
    const { page, person, context } = await open();
    await endSessions(person);
    await saveName(page, 'Ada King');
    await dialogOf(page).getByRole('button', { name: 'Leave instead' }).click();
    await page.waitForURL('**/sign-in');
    await web().signIn(context, person);
    await page.goto('/account');
    await nameInNavigation(page, person.name).waitFor();
  });

  it('is never resumed by another user, who signs in with another tab', async () => {
    const { page, person, context } = await open();
    await endSessions(person);
    await saveName(page, 'Changed by Ada');
    await dialogOf(page).waitFor();
    const other = await web().signUp(await web().newBrowser(), 'Grace Hopper');
    const tab = await context.newPage();
    await tab.goto('/sign-in');
    await tab.getByLabel('E-mail').fill(other.email);
    await tab.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.waitForURL('**/today');

    await nameInNavigation(page, 'Grace Hopper').waitFor();
    await expect(page.getByText('Changed by Ada').count()).resolves.toBe(0);
    await expect(page.getByLabel('Name').inputValue()).resolves.toBe('Grace Hopper');
    const session = await context.request.get('/api/auth/get-session');
    expect(await session.json()).toMatchObject({ user: { name: 'Grace Hopper' } });
    await web().signIn(context, person);
    const own = await context.request.get('/api/auth/get-session');
    expect(await own.json()).toMatchObject({ user: { name: person.name } });
  });

  it('is over in all tabs once the user has signed in again in one', async () => {
    const { page, person, context } = await open();
    const tab = await context.newPage();
    await tab.goto('/account');
    await tab.getByLabel('Name').waitFor();
    await tab.waitForLoadState('networkidle');
    await endSessions(person);
    await saveName(page, 'Ada King');
    await dialogOf(page).waitFor();
    await tab.getByRole('button', { name: 'Save' }).click();
    await dialogOf(tab).waitFor();
    await signInAgain(page);
    await nameInNavigation(page, 'Ada King').waitFor();
    await tab.getByText('Saved.').waitFor();
    await expect(dialogOf(tab).count()).resolves.toBe(0);
  });
});

describe('the end of a session in the middle of work on tasks', () => {
  const newTask = (page: Page) => page.getByRole('textbox', { name: 'New task' });
  const row = (page: Page, title: string) => page.getByRole('row', { name: title, exact: true });

  async function add(page: Page, title: string): Promise<void> {
    await newTask(page).fill(title);
    await newTask(page).press('Enter');
    await row(page, title).waitFor();
  }

  /** Returns the titles of the tasks of whoever is signed in. */
  async function titles({ request }: BrowserContext): Promise<string[]> {
    const { token } = (await (await request.get('/api/auth/token')).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    const response = await request.get('/api/v1/tasks', { headers });
    const { data } = (await response.json()) as { data: { title: string }[] };
    return data.map(({ title }) => title);
  }

  const isEqual = async (context: BrowserContext, expected: string) =>
    (await titles(context)).join() === expected;

  it('keeps what was typed, and saves the change once its user is back', async () => {
    const { page, person, context } = await open('/all');
    await add(page, 'Milk');
    await until(() => isEqual(context, 'Milk'));
    await endSessions(person);
    await add(page, 'Bread');
    await newTask(page).pressSequentially('Half a li');
    await dialogOf(page).waitFor();
    // The page is as it was, with the change that waits.
    await row(page, 'Bread').waitFor();
    await signInAgain(page);
    await until(async () => (await titles(context)).includes('Bread'));
    await expect(titles(context)).resolves.toEqual(['Bread', 'Milk']);
    await expect(newTask(page).inputValue()).resolves.toBe('Half a li');
    await expect(dialogOf(page).count()).resolves.toBe(0);
  });

  it('never saves the change for another user, and saves it when its user is back', async () => {
    const { page, person, context } = await open('/all');
    await page.getByText('No open tasks.').waitFor();
    await endSessions(person);
    await add(page, 'Secret of Ada');
    await dialogOf(page).waitFor();
    await dialogOf(page).getByRole('button', { name: 'Leave instead' }).click();
    await page.getByRole('button', { name: 'Keep for this account' }).click();

    const other = await web().signUp(await web().newBrowser(), 'Grace Hopper');
    for (const { email } of [other, person]) {
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await newTask(page).waitFor();
      if (email === person.email) break;
      await add(page, 'Task of Grace');
      await until(() => isEqual(context, 'Task of Grace'));
      // The response is there, too: a change that waits would be asked about.
      await until(async () => (await countStored(page, 'changes')) === 1);
      await expect(page.getByText('Secret of Ada').count()).resolves.toBe(0);
      await page.getByRole('link', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
    }
    await until(() => isEqual(context, 'Secret of Ada'));
    await expect(page.getByText('Task of Grace').count()).resolves.toBe(0);
  });
});

describe('a sign-out', () => {
  it('reaches the other tabs', async () => {
    const { page, context } = await open();
    const tab = await context.newPage();
    await tab.goto('/today');
    await tab.getByRole('navigation', { name: 'Main' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await tab.waitForURL('**/sign-in');
    await expect(tab.getByText('Ada Lovelace').count()).resolves.toBe(0);
  });

  it('leaves nothing for the next user', async () => {
    const { page, person } = await open();
    await page.getByRole('region', { name: 'Sessions' }).getByText('This device').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    const stored = await page.evaluate<string>('JSON.stringify({ ...localStorage })');
    expect(stored).not.toContain(person.email);

    const other = await web().signUp(await web().newBrowser(), 'Grace Hopper');
    await page.getByLabel('E-mail').fill(other.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await nameInNavigation(page, 'Grace Hopper').waitFor();
    for (const trace of [person.name, person.email]) {
      await expect(page.getByText(trace).count()).resolves.toBe(0);
    }
  });
});
