import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newAddress, PASSWORD } from '../../test/support/identity.js';
import { linkIn, MailServer } from '../../test/support/smtp.js';
import { stored } from './support/inspect.js';
import { useWeb } from './support/web.js';

let mail: MailServer;
beforeAll(async () => {
  mail = await new MailServer().start();
});
afterAll(() => mail.stop());

const web = useWeb(() => ({ SMTP_URL: mail.url, MAIL_FROM: 'Tasks <tasks@example.org>' }));

async function signUp(page: Page, email: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
}

async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function newVerified(): Promise<string> {
  const email = newAddress();
  const page = await web().open('/sign-up');
  await signUp(page, email);
  await page.goto(linkIn(await mail.mailTo(email)));
  await page.getByText('Your address is verified.').waitFor();
  return email;
}

describe('verification', () => {
  it('is done by the link in the mail', async () => {
    const email = newAddress();
    const page = await web().open('/sign-up');
    await signUp(page, email);
    await page.goto(linkIn(await mail.mailTo(email)));
    await page.getByText('Your address is verified.').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page, email);
    await page.waitForURL('**/today');
  });

  it('can be asked for again', async () => {
    const email = newAddress();
    const page = await web().open('/sign-up');
    await signUp(page, email);
    await page.getByRole('button', { name: 'Send the link again' }).click();
    await page.getByText('another link has been sent').waitFor();
    await page.goto(linkIn(await mail.mailTo(email, 2)));
    await page.getByText('Your address is verified.').waitFor();
  });

  it('is refused by a link that is not valid, and another one is offered', async () => {
    const email = newAddress();
    const page = await web().open('/sign-up');
    await signUp(page, email);
    const link = new URL(linkIn(await mail.mailTo(email)));
    link.searchParams.set('token', 'x');
    await page.goto(link.href);
    await page.getByRole('alert').getByText('This link is invalid or has expired.').waitFor();
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send the link again' }).click();
    await page.goto(linkIn(await mail.mailTo(email, 2)));
    await page.getByText('Your address is verified.').waitFor();
  });

  it('does not reveal that an address has an account', async () => {
    const email = await newVerified();
    const page = await web().open('/sign-up');
    await signUp(page, email);
    expect((await mail.mailTo(email, 2)).headers).toMatch(/you already have an account/);
  });
});

describe('a forgotten password', () => {
  it('is replaced by the link in a mail, whose token leaves the address bar', async () => {
    const email = await newVerified();
    const page = await web().open('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('a link is on its way').waitFor();

    const { text } = await mail.mailTo(email, 2);
    await page.goto(/https?:\S+/.exec(text)?.[0] ?? '');
    await page.waitForURL(`${web().url}/reset-password`);
    expect(await stored(page)).not.toMatch(/token/i);
    await page.getByLabel('New password', { exact: true }).fill('walrus orbit lantern');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('The new password is set').waitFor();

    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page, email, 'walrus orbit lantern');
    await page.waitForURL('**/today');
  });

  it('is not replaced by a link that is not valid', async () => {
    const page = await web().open('/reset-password?error=INVALID_TOKEN');
    await page.getByRole('alert').getByText('This link is invalid or has expired.').waitFor();
    await page.goto('/reset-password?token=forged');
    await page.getByLabel('New password', { exact: true }).fill('walrus orbit lantern');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('alert').getByText('This link is invalid or has expired.').waitFor();
  });
});
