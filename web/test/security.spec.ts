import { describe, expect, it } from '@jest/globals';
import { SECRET_MODE } from '../../test/support/secret-mode.js';
import { PASSWORD } from '../../test/support/identity.js';
import { openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const HOSTILE_ISSUER = 'javascript:alert(1)//"><img src=x onerror=alert(1)>';

/** Everything that a page of this origin could read of what was stored, and its address. */
const READABLE = `(async () => {
  const databases = await indexedDB.databases();
  const rows = await Promise.all(databases.map(({ name }) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = async () => {
      const all = await Promise.all([...opening.result.objectStoreNames].map((store) =>
        new Promise((done) => {
          const reading = opening.result.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => done(reading.result);
        })));
      opening.result.close();
      resolve(all);
    };
  })));
  const cached = await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map(({ url }) => url)));
  const stored = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
  return JSON.stringify({ address: location.href, stored, rows, cached, state: history.state });
})()`;

describe('the web client, under attack', () => {
  const web = useWeb();

  it.each(['/\t/evil.example', '/\n/evil.example', '/x/..//evil.example', '/\\\t\\evil.example'])(
    'leads to no other origin after a sign-in: %j',
    async (next) => {
      const { email } = await web().signUp(await web().newBrowser());
      const page = await web().open(`/sign-in?next=${encodeURIComponent(next)}`);
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('navigation').waitFor();
      expect(new URL(page.url()).origin).toBe(web().url);
    },
  );

  it('keeps no token where a script or another user of the browser finds it', async () => {
    const list = await openTasks(web());
    await list.addTask('Buy milk');
    await list.sent();
    const readable = await list.page.evaluate<string>(READABLE);
    expect(readable).not.toMatch(/eyJ|session_token/);
    expect(readable).not.toMatch(/\/api\//);
  });

  it('shows nothing of a user who has signed out, whichever way one goes back', async () => {
    const list = await openTasks(web());
    await list.addTask('Secret milk');
    await list.sent();
    // Not by a reload, which could find the change in the queue, and a sign-out then asks.
    await list.page.getByRole('link', { name: /Account/ }).click();
    await list.page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await list.page.getByLabel('E-mail').waitFor();
    await list.page.goBack();
    await list.page.getByLabel('E-mail').waitFor();
    expect(await list.page.evaluate<string>(READABLE)).not.toContain('Secret milk');
    await list.page.goto('/all');
    await list.page.getByLabel('E-mail').waitFor();
    await expect(list.page.content()).resolves.not.toContain('Secret milk');
  });

  it('is framed by nobody', async () => {
    const context = await web().browser.newContext();
    const page = await context.newPage();
    await page.setContent(`<iframe src="${web().url}/sign-in"></iframe>`);
    const frame = page.frames().at(1);
    await frame?.waitForLoadState();
    expect(frame?.url()).toBe('chrome-error://chromewebdata/');
    await context.close();
  });

  it('takes no string for a script, for HTML or for the address of a script', async () => {
    // Not one of web(), which would report what is refused here.
    const context = await web().browser.newContext();
    const page = await context.newPage();
    await page.goto(`${web().url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    const refusals = await page.evaluate<string[]>(`[
      () => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>'); },
      () => { document.createElement('div').innerHTML = '<b>milk</b>'; },
      () => { document.createElement('script').src = '/sw.js?x'; },
      () => { document.createElement('script').text = 'alert(1)'; },
      () => { trustedTypes.createPolicy('mine', {}); },
    ].map((attack) => { try { attack(); return 'done'; } catch (error) { return error.name; } })`);
    expect(refusals).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError']);
    await context.close();
  });
});

describe('the page of a hostile issuer', () => {
  const web = useWeb(() => ({ ...SECRET_MODE, AUTH_ISSUER: HOSTILE_ISSUER }));

  it('shows its name as text, and no link', async () => {
    const page = await web().open('/sign-in');
    await page.getByText(HOSTILE_ISSUER).waitFor();
    expect(await page.getByRole('link', { name: HOSTILE_ISSUER }).count()).toBe(0);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });
});
