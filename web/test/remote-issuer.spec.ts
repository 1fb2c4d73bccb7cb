import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { claims, ISSUER, now, SECRET_MODE, signWithSecret } from '../../test/support/tokens.js';
import { barriers, capture, stored } from './support/inspect.js';
import { SCHEMES, useWeb } from './support/web.js';

const web = useWeb(() => SECRET_MODE);

async function enter(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Enter' }).click();
}

const tokenOf = (sub: string, changes = {}) => signWithSecret(claims({ sub, ...changes }));
const nameInNavigation = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByText(name, { exact: true });

describe('with a remote issuer', () => {
  it.each(SCHEMES)('says who issues tokens, and takes one: %s', async (colorScheme) => {
    const page = await web().open('/', { colorScheme });
    await page.getByRole('link', { name: ISSUER }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await capture(page, `token-${colorScheme}`);
    await enter(page, await tokenOf('ada', { name: 'Ada' }));
    await nameInNavigation(page, 'Ada').waitFor();
    expect((await stored(page)) + page.url()).not.toMatch(/eyJ/);
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
});
