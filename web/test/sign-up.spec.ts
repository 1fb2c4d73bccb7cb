import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newAddress, PASSWORD } from '../../test/support/identity.js';
import { stored } from './support/inspect.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const HOSTILE_NAME = '<img src=x onerror=alert(1)>"\'&{{t}}‮ Ada';

async function fill(page: Page, name: string, email: string, password: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

const submit = (page: Page) => page.getByRole('button', { name: 'Create account' }).click();
const rule = (page: Page, text: string) =>
  page.getByRole('list', { name: 'Rules for passwords' }).getByText(text);

describe('sign-up', () => {
  it('leads from the first page to the list', async () => {
    const page = await web().open('/');
    await page.getByRole('link', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Create your account' }).waitFor();
    await fill(page, 'Ada', newAddress(), PASSWORD);
    await submit(page);
    await page.waitForURL('**/today');
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByText('Ada', { exact: true })
      .waitFor();
  });

  it('can be done with the keyboard alone', async () => {
    const page = await web().open('/sign-up');
    await page.getByLabel('Name', { exact: true }).waitFor();
    for (const text of ['Ada', newAddress(), PASSWORD]) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/today');
  });

  it.each([
    { password: 'short', broken: '8 to 128 characters' },
    { password: 'a'.repeat(129), broken: '8 to 128 characters' },
    { password: 'abcdefghij', broken: 'not a common password' },
    { password: 'abababab', broken: 'not a common password' },
    { password: 'password1', broken: 'not a common password' },
    { password: 'Lovelace-Ada-77', broken: 'without your name' },
    { password: 'my taskward pass', broken: 'without your name' },
  ])('shows that $password breaks a rule, and sends nothing', async ({ password, broken }) => {
    const page = await web().open('/sign-up');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    await fill(page, 'Ada Lovelace', newAddress(), password);
    await rule(page, broken).getByText('not met').waitFor();
    await submit(page);
    const field = page.getByLabel('Password', { exact: true });
    await expect(field.getAttribute('aria-invalid')).resolves.toBe('true');
    expect(sent).not.toContain('POST');
  });

  it('says how strong a password is', async () => {
    const page = await web().open('/sign-up');
    await fill(page, 'Ada', newAddress(), 'qwerty1234');
    await page.getByText(/easy to guess/i).waitFor();
    await page.getByLabel('Password', { exact: true }).fill('walrus-orbit-53-lantern');
    await page.getByText('Very strong').waitFor();
  });

  it('marks what is missing, and moves to the first of it', async () => {
    const page = await web().open('/sign-up');
    await submit(page);
    const name = page.getByLabel('Name', { exact: true });
    await expect(name.getAttribute('aria-invalid')).resolves.toBe('true');
    await name.and(page.locator(':focus')).waitFor();
    await page.getByText('Enter an address such as').waitFor();
  });

  it('tells that an address is taken, at its field', async () => {
    const first = await web().newBrowser();
    const { email } = await web().signUp(first);
    const page = await web().open('/sign-up');
    await fill(page, 'Ada', email, PASSWORD);
    await submit(page);
    await page.getByText('This address has an account already.').waitFor();
    const field = page.getByLabel('E-mail');
    await expect(field.getAttribute('aria-invalid')).resolves.toBe('true');
    await field.fill(newAddress());
    await expect(page.getByText('This address has an account already.').count()).resolves.toBe(0);
  });

  it("maps the server's rules to their fields, if the page does not know them", async () => {
    const page = await web().open('/sign-up');
    await page.route('**/api/auth/sign-up/email', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'validation_failed',
          errors: [{ pointer: '/name', code: 'too_long', detail: 'x' }],
        }),
      }),
    );
    await fill(page, 'Ada', newAddress(), PASSWORD);
    await submit(page);
    await page.getByText('At most 255 characters.').waitFor();
  });

  it('shows a hostile name as text', async () => {
    const page = await web().open('/sign-up');
    await fill(page, HOSTILE_NAME, newAddress(), PASSWORD);
    await submit(page);
    await page.getByRole('navigation', { name: 'Main' }).getByText(HOSTILE_NAME).waitFor();
    await expect(page.locator('img').count()).resolves.toBe(0);
  });

  it('keeps no token and no password in storage or address', async () => {
    const page = await web().open('/sign-up');
    const email = newAddress();
    await fill(page, 'Ada', email, PASSWORD);
    await submit(page);
    await page.waitForURL('**/today');
    const kept = (await stored(page)) + page.url();
    expect(kept).toContain(email);
    expect(kept).not.toMatch(/eyJ|correct horse/);
    await expect(page.evaluate('document.cookie')).resolves.toBe('');
  });
});
