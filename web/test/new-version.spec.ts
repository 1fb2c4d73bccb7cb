import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openTasks, workerReady } from './support/task-page.js';
import { Web, WEB_ROOT } from './support/web.js';

let root: string;
let web: Web;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taskward-web-'));
  await cp(WEB_ROOT, root, { recursive: true });
  for (const end of ['br', 'gz']) await rm(join(root, `sw.js.${end}`), { force: true });
  web = await Web.start({}, root);
});
afterEach(() => web.settle());
afterAll(async () => {
  await web.close();
  await rm(root, { recursive: true, force: true });
});

describe('the service worker', () => {
  it('offers a new version, and never forces it on what is being written', async () => {
    const { page, add } = await openTasks(web, '/all');
    await workerReady(page);
    await add.fill('half a line');
    await page.evaluate('void (window.isOld = true)');
    await appendFile(join(root, 'sw.js'), '\n// The next version.');
    await page.evaluate('navigator.serviceWorker.getRegistration().then((one) => one.update())');
    await page.getByText('A new version is ready.').waitFor();
    await expect(page.evaluate('window.isOld')).resolves.toBe(true);
    await page.getByRole('button', { name: 'Later' }).click();
    await expect(add.inputValue()).resolves.toBe('half a line');

    await page.reload();
    await page.getByText('A new version is ready.').waitFor();
    await page.evaluate('void (window.isOld = true)');
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload' }).click();
    await loaded;
    await expect(page.evaluate('window.isOld')).resolves.toBeUndefined();
    await expect(add.inputValue()).resolves.toBe('half a line');
  });

  it('loads the page again if the new version does not take over', async () => {
    const { page, add } = await openTasks(web, '/all');
    await workerReady(page);
    await appendFile(join(root, 'sw.js'), '\n// Another version.');
    await page.evaluate('navigator.serviceWorker.getRegistration().then((one) => one.update())');
    await page.getByText('A new version is ready.').waitFor();
    await add.fill('half a line');
    await page.evaluate('ServiceWorker.prototype.postMessage = () => undefined');
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload' }).click();
    await loaded;
    await expect(add.inputValue()).resolves.toBe('half a line');
  });

  it('serves the client’s pages alone: the API’s own come from the server', async () => {
    const { page } = await openTasks(web, '/all');
    await workerReady(page);
    const docs = await page.goto('/docs', { waitUntil: 'commit' });
    await expect(docs?.text()).resolves.toContain('swagger-ui');
    await page.goto('/health/live');
    await page.getByText('"ok"').waitFor();
  });

  it('can be installed as an app', async () => {
    const { page } = await openTasks(web, '/today');
    const manifest = await page.evaluate<Record<string, unknown>>(
      "fetch(document.querySelector('link[rel=manifest]').href).then((one) => one.json())",
    );
    expect(manifest).toMatchObject({
      name: 'Taskward',
      start_url: '/today',
      display: 'standalone',
    });
    for (const { src } of manifest['icons'] as { src: string }[]) {
      const response = await page.request.get(src);
      expect({ src, status: response.status() }).toEqual({ src, status: 200 });
    }
  });
});

describe('a part of the client that is missing', () => {
  const dispatch = "dispatchEvent(new Event('vite:preloadError', { cancelable: true }))";

  it('is a new version only where there is a connection', async () => {
    const { page, add } = await openTasks(web, '/all', { serviceWorkers: 'block' });
    const offer = page.getByText('A new version is ready.');
    await page.route('**/health/live', (route) => route.abort('connectionrefused'));
    const failed = page.waitForEvent('requestfailed');
    await page.evaluate(dispatch);
    await failed;
    await expect(offer.count()).resolves.toBe(0);
    await page.unroute('**/health/live');
    await add.fill('half a line');
    await page.evaluate(dispatch);
    await offer.waitFor();
    // Nothing has been registered that it could wait for.
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload' }).click();
    await loaded;
    await expect(add.inputValue()).resolves.toBe('half a line');
  });

  it('leaves an English page if it is the German texts', async () => {
    const context = await web.newBrowser({ locale: 'de-DE', serviceWorkers: 'block' });
    await context.route('**/assets/de-*.js', (route) => route.abort('connectionreset'));
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  });
});
