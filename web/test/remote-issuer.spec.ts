import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { claims, ISSUER, now, SECRET_MODE, signWithSecret } from '../../test/support/tokens.js';
import { until } from '../../test/support/until.js';
import { barriers, capture, overflow, stored } from './support/inspect.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb(() => SECRET_MODE);

async function enter(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Enter' }).click();
}

const tokenOf = (sub: string, changes = {}) => signWithSecret(claims({ sub, ...changes }));
const nameInNavigation = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByText(name, { exact: true });

describe('with a remote issuer', () => {
  it.each(LOOKS)('says who issues tokens, and takes one: $suffix', async ({ look, suffix }) => {
    const page = await web().open('/', look);
    await page.getByRole('link', { name: ISSUER }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `token-${suffix}`);
    await enter(page, await tokenOf('ada', { name: 'Ada' }));
    // A phone has no room for the name.
    await nameInNavigation(page, 'Ada').waitFor({ state: 'attached' });
    expect((await stored(page)) + page.url()).not.toMatch(/eyJ|taskward-user/);
  });

  it('refuses a token that the API refuses', async () => {
    const page = await web().open('/');
    await enter(page, await tokenOf('ada', { exp: now() - 3600 }));
    await page.getByText('The server refuses this token.').waitFor();
    await enter(page, 'not a token');
    await page.getByText('The server refuses this token.').waitFor();
  });

  it('forgets the token with the page', async () => {
    const page = await web().open('/');
    await enter(page, await tokenOf('ada'));
    await nameInNavigation(page, 'ada').waitFor();
    await page.reload();
    await page.getByLabel('Token', { exact: true }).waitFor();
  });

  it('signs out', async () => {
    const page = await web().open('/account');
    await enter(page, await tokenOf('ada'));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token', { exact: true }).waitFor();
  });

  it('asks for another token of the same user when one has expired', async () => {
    const page = await web().open('/all');
    // Accepted for ten seconds more: the API tolerates half a minute.
    const expiring = await tokenOf('ada', { exp: now() - 20 });
    await enter(page, expiring);
    await page.getByText('No open tasks.').waitFor();
    const call = (token: string) =>
      fetch(`${web().url}/api/v1/tasks`, { headers: { authorization: `Bearer ${token}` } });
    await until(async () => (await call(expiring)).status === 401);

    const line = page.getByRole('textbox', { name: 'New task' });
    await line.fill('Milk');
    await line.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await enter(page, await tokenOf('bob'));
    await dialog.getByText('This token belongs to somebody else.').waitFor();
    const fresh = await tokenOf('ada');
    await enter(page, fresh);
    await dialog.waitFor({ state: 'detached' });
    await until(async () => (await (await call(fresh)).text()).includes('"Milk"'));
    expect(await (await call(await tokenOf('bob'))).text()).not.toMatch(/Milk/);
  });
});
