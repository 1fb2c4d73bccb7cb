import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { claims, SECRET_MODE, signWithSecret } from '../../test/support/tokens.js';
import { barriers, capture, clipped, overflow } from './support/inspect.js';
import { createLists } from './support/list-panel.js';
import { TaskApi } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb();
const EXPORT = '**/api/v1/export?**';
const section = (page: Page) => page.getByRole('region', { name: 'Export' });
const button = (page: Page) => section(page).getByRole('button', { name: 'Download' });

async function open(options: BrowserContextOptions = {}) {
  const context = await web().newBrowser(options);
  await web().signUp(context);
  const api = new TaskApi(context);
  const [garden] = await createLists(api, { name: 'Garden' });
  await api.create({ title: 'Sow beans', due: '2031-04-05', listId: garden?.id ?? null });
  const page = await context.newPage();
  await page.goto('/transfer');
  await button(page).waitFor();
  return { page, context, api };
}

async function download(page: Page, format: string): Promise<{ name: string; text: string }> {
  await section(page).getByLabel('Format').selectOption(format);
  const saved = page.waitForEvent('download');
  await button(page).click();
  const file = await saved;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

describe('an export', () => {
  it.each([
    {
      format: 'Taskward (JSON)',
      ending: 'json',
      text: /"format":"taskward"[^]*Sow beans[^]*Garden/,
    },
    { format: 'Spreadsheet (CSV)', ending: 'csv', text: /^\uFEFF?id,parent,list[^]*Sow beans/ },
    { format: 'Calendar (iCalendar)', ending: 'ics', text: /^BEGIN:VCALENDAR[^]*Sow beans/ },
  ])('is saved as $format', async ({ format, ending, text }) => {
    const { page } = await open();
    const file = await download(page, format);
    expect(file.name).toMatch(new RegExp(`^taskward-\\d{4}-\\d\\d-\\d\\d\\.${ending}$`));
    expect(file.text).toMatch(text);
    await section(page)
      .getByText(/ is handed to your browser\.$/)
      .waitFor();
  });

  it('is reached from the account page, by the keyboard', async () => {
    const { page } = await open();
    await page.goto('/account');
    await page.getByRole('link', { name: 'Export and import' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your data', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Back to the account' }).click();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  });

  it('can be stopped', async () => {
    const { page } = await open();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(EXPORT, async (route) => {
      await held;
      // The page has given up waiting.
      await route.abort().catch(() => undefined);
    });
    await button(page).click();
    await section(page).getByRole('button', { name: 'Cancel' }).click();
    await section(page).getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
    expect(await section(page).getByRole('alert').count()).toBe(0);
    release();
    await page.unroute(EXPORT);
    expect((await download(page, 'Taskward (JSON)')).text).toContain('Sow beans');
  });

  it('that does not arrive says so', async () => {
    const { page } = await open();
    await page.route(EXPORT, (route) => route.abort('connectionreset'));
    await button(page).click();
    await section(page).getByRole('alert').getByText('The server cannot be reached.').waitFor();
  });

  it('that the server refuses says why', async () => {
    const { page } = await open();
    await page.route(EXPORT, (route) =>
      route.fulfill({
        status: 429,
        contentType: 'application/problem+json',
        json: { status: 429, code: 'too_many_concurrent_requests', detail: 'Too many at once.' },
      }),
    );
    await button(page).click();
    await section(page).getByRole('alert').getByText('Too many at once.').waitFor();
  });

  it('is sent again after a token that the server refuses', async () => {
    const { page } = await open();
    let refusals = 0;
    await page.route(EXPORT, (route) => {
      refusals += 1;
      return refusals > 1
        ? route.continue()
        : route.fulfill({ status: 401, json: { status: 401, code: 'token_invalid' } });
    });
    expect((await download(page, 'Taskward (JSON)')).text).toContain('Sow beans');
    expect(refusals).toBe(2);
  });
});

describe.each(LOOKS)('on a $suffix', ({ look, suffix }) => {
  it('the page keeps nobody out', async () => {
    const { page } = await open(look);
    await download(page, 'Spreadsheet (CSV)');
    await section(page)
      .getByText(/ is handed to your browser\.$/)
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await clipped(page)).toEqual([]);
    await capture(page, `transfer-${suffix}`);
  });
});

it('is all in German', async () => {
  const context = await web().newBrowser({
    locale: 'de-DE',
    viewport: { width: 390, height: 850 },
  });
  await web().signUp(context);
  const page = await context.newPage();
  await page.goto('/account');
  await page.getByRole('link', { name: 'Export und Import' }).click();
  await page.getByRole('button', { name: 'Herunterladen' }).click();
  await page.getByText(/ist Ihrem Browser übergeben/).waitFor();
  expect(await overflow(page)).toBe(0);
  await capture(page, 'transfer-german');
});

describe('with a remote issuer', () => {
  const remote = useWeb(() => SECRET_MODE);

  it('exports, too', async () => {
    const page = await remote().open('/transfer');
    await page.getByLabel('Token', { exact: true }).fill(await signWithSecret(claims()));
    await page.getByRole('button', { name: 'Enter' }).click();
    expect((await download(page, 'Taskward (JSON)')).text).toContain('"format":"taskward"');
  });
});
