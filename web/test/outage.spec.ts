import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createDatabase } from '../../test/support/database.js';
import { DatabaseProxy } from '../../test/support/tcp-proxy.js';
import { until } from '../../test/support/until.js';
import { useWeb } from './support/web.js';

let proxy: DatabaseProxy;
let databaseUrl: string;

beforeAll(async () => {
  proxy = new DatabaseProxy(await createDatabase());
  databaseUrl = await proxy.start();
});
afterAll(() => proxy.stop());

const web = useWeb(() => ({ DATABASE_URL: databaseUrl }));

async function open(): Promise<Page> {
  const context = await web().newBrowser();
  await web().signUp(context);
  const page = await context.newPage();
  await page.goto('/account');
  await page.getByRole('region', { name: 'Sessions' }).getByText('This device').waitFor();
  return page;
}

describe('a database that is down', () => {
  it('is not a sign-out', async () => {
    const page = await open();
    proxy.cut();
    try {
      await page.getByLabel('Name').fill('Ada King');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').getByText('Nothing was changed').waitFor();
      await page.reload();
      // The page of the user who was here, and no question to sign in.
      await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
      await expect(page.getByRole('dialog').count()).resolves.toBe(0);
    } finally {
      proxy.mend();
    }
    await until(async () => (await fetch(`${web().url}/health/ready`)).ok);
    await page.getByLabel('Name').fill('Ada King');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
  });

  it('is said on a page that does not know its user yet', async () => {
    const context = await web().newBrowser();
    await web().signUp(context);
    const page = await context.newPage();
    proxy.cut();
    try {
      await page.goto('/account');
      await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    } finally {
      proxy.mend();
    }
    await until(async () => (await fetch(`${web().url}/health/ready`)).ok);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  });
});
