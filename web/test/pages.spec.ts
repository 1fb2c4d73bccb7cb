import { describe, expect, it } from '@jest/globals';
import { barriers, capture, overflow } from './support/inspect.js';
import { deafen } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb();

const GUEST_PAGES = [
  { path: '/sign-in', heading: 'Sign in' },
  { path: '/sign-up', heading: 'Create your account' },
  { path: '/forgot-password', heading: 'Set a new password' },
  { path: '/reset-password?token=x', heading: 'Set a new password' },
  { path: '/reset-password?error=INVALID_TOKEN', heading: 'Set a new password' },
  { path: '/verified', heading: 'Verify your address' },
  { path: '/verified?error=token_expired', heading: 'Verify your address' },
];

/** Name of a path in the names of pictures. */
const nameOf = (path: string) => path.slice(1).replaceAll(/\W+/g, '-');

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  it.each(GUEST_PAGES)('$path keeps nobody out', async ({ path, heading }) => {
    const page = await web().open(path, look);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `${nameOf(path)}-${suffix}`);
  });

  it('the account page keeps nobody out', async () => {
    const context = await web().newBrowser(look);
    await web().signUp(context, 'A'.repeat(200));
    const page = await context.newPage();
    await page.goto('/account');
    await page.getByRole('region', { name: 'Sessions' }).getByText('This device').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `account-${suffix}`);
  });

  it('a form with errors keeps nobody out', async () => {
    const page = await web().open('/sign-up', look);
    await page.getByLabel('Password', { exact: true }).fill('password1');
    await page.getByText('not met').first().waitFor();
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Please fill this in.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await capture(page, `sign-up-errors-${suffix}`);
  });

  it('the dialog of an ended session keeps nobody out', async () => {
    const context = await web().newBrowser(look);
    // The end of the stream would open the dialog over what is pressed.
    await deafen(context);
    await web().signUp(context);
    const page = await context.newPage();
    await page.goto('/account');
    await page.getByRole('region', { name: 'Sessions' }).getByText('This device').waitFor();
    await context.request.post('/api/auth/sign-out', { data: {}, headers: { origin: web().url } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await capture(page, `session-ended-${suffix}`);
  });

  it('an unknown page keeps nobody out, and leads back', async () => {
    const page = await web().open('/sign-in', look);
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    await page.evaluate(
      "history.pushState({}, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))",
    );
    await page.getByRole('link', { name: 'Go to Today' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `not-found-${suffix}`);
  });

  it('the page without a server keeps nobody out', async () => {
    const context = await web().newBrowser(look);
    await context.route('**/api/auth/get-session', (route) => route.abort('connectionrefused'));
    const page = await context.newPage();
    await page.goto('/today');
    await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await capture(page, `unreachable-${suffix}`);
  });
});
