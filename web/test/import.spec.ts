import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { until } from '../../test/support/until.js';
import { barriers, capture, clipped, overflow } from './support/inspect.js';
import { createLists } from './support/list-panel.js';
import { TaskApi } from './support/task-page.js';
import { LOOKS, useWeb } from './support/web.js';

const web = useWeb();

async function open(options: BrowserContextOptions = {}) {
  const context = await web().newBrowser(options);
  await web().signUp(context);
  const api = new TaskApi(context);
  const [garden] = await createLists(api, { name: 'Garden' });
  await api.create({ title: 'Sow beans', due: '2031-04-05', listId: garden?.id ?? null });
  const page = await context.newPage();
  await page.goto('/transfer');
  await importSection(page).waitFor();
  return { page, context, api };
}

const importSection = (page: Page) => page.getByRole('region', { name: 'Import' });
const importButton = (page: Page, name: string) =>
  importSection(page).getByRole('button', { name, exact: true });
const CSV = 'title,list,section\nPlant oaks,Forest,North\nPlant firs,Forest,\n';

type InputFile = string | { name: string; mimeType: string; buffer: Buffer };

/** Chooses a file, and has it checked; a large one is named by its path, rather than sent to the browser. */
async function chooseFile(page: Page, file: InputFile): Promise<void> {
  await importSection(page).getByLabel('File').setInputFiles(file);
  await importButton(page, 'Check the file').click();
}

const choose = (page: Page, name: string, content: string) =>
  chooseFile(page, { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

describe('an import', () => {
  const titles = async (api: TaskApi) => (await api.list()).map(({ title }) => title).sort();

  it('shows what it would add and leave out, adds it, and shows it without a reload', async () => {
    const { page, api } = await open();
    await choose(page, 'trees.csv', CSV);
    await importSection(page).getByText('The import would add 1 list and 2 tasks.').waitFor();
    const left = importSection(page).getByRole('list', { name: 'It would leave out:' });
    await left.getByText('section').first().waitFor();
    expect(await titles(api)).toEqual(['Sow beans']);

    await importButton(page, 'Import').click();
    await importSection(page).getByText('Imported: 1 list and 2 tasks.').waitFor();
    expect(await titles(api)).toEqual(['Plant firs', 'Plant oaks', 'Sow beans']);
    const lists = page.getByRole('region', { name: 'Lists' });
    await lists.getByRole('link', { name: 'Forest' }).waitFor();
    await importSection(page).getByRole('link', { name: 'Show all tasks' }).click();
    await page.getByRole('row', { name: 'Plant oaks', exact: true }).waitFor();
  });

  it('takes an export, whose format it guesses', async () => {
    const { page, api } = await open();
    const text = JSON.stringify(await api.send('GET', '/export'));
    await choose(page, 'backup.txt', text);
    await importSection(page).getByText('The import would add 1 list and 1 task.').waitFor();
    expect(await importSection(page).getByLabel('Format').inputValue()).toBe('taskward');
    await importButton(page, 'Import').click();
    await importSection(page).getByText('Imported: 1 list and 1 task.').waitFor();
    expect(await titles(api)).toEqual(['Sow beans', 'Sow beans']);
  });

  it.each([
    { fixture: 'todoist.csv', format: 'todoist-csv', adds: '1 list and 5 tasks' },
    { fixture: 'google-tasks.json', format: 'google-tasks', adds: '3 lists and 4 tasks' },
    { fixture: 'vikunja.json', format: 'vikunja', adds: '2 lists and 8 tasks' },
    { fixture: 'tasks.ics', format: 'ics', adds: '1 list and 5 tasks' },
  ])(
    'takes $fixture of another service, whose format it guesses',
    async ({ fixture, format, adds }) => {
      const { page } = await open();
      const path = new URL(`../../test/portability/fixtures/${fixture}`, import.meta.url);
      await choose(page, fixture, readFileSync(path, 'utf8'));
      await importSection(page).getByText(`The import would add ${adds}.`).waitFor();
      expect(await importSection(page).getByLabel('Format').inputValue()).toBe(format);
    },
  );

  it('takes a zip archive for an export of Vikunja', async () => {
    const { page } = await open();
    await choose(page, 'export.zip', 'PK\u0003\u0004');
    await importSection(page).getByRole('alert').waitFor();
    expect(await importSection(page).getByLabel('Format').inputValue()).toBe('vikunja');
  });

  it('explains in the language of the page why a line is left out', async () => {
    const { page } = await open({ locale: 'de-DE' });
    const section = page.getByRole('region', { name: 'Import' });
    const file = 'BEGIN:VCALENDAR\nBEGIN:VTODO\nDUE:20310405T120000\nEND:VTODO\nEND:VCALENDAR\n';
    await section
      .getByLabel('Datei')
      .setInputFiles({ name: 'a.ics', mimeType: 'text/calendar', buffer: Buffer.from(file) });
    await section.getByRole('button', { name: 'Datei prüfen' }).click();
    await section.getByText('Zeile 2: Die Aufgabe hat keinen Titel.').waitFor();
    await section.getByText('Zeile 2: Die Zeitzone ist nicht bekannt').waitFor();
  });

  it('names the lines that cannot be taken, and adds nothing', async () => {
    const { page, api } = await open();
    await choose(page, 'bad.csv', 'title,due\nfine,\nwrong,yesterdayish\n');
    await importSection(page).getByRole('alert').getByText('cannot be imported').waitFor();
    const lines = importSection(page).getByRole('list', { name: 'What is wrong:' });
    await lines.getByText(/^Line 3: /).waitFor();
    expect(await importButton(page, 'Import').count()).toBe(0);
    expect(await titles(api)).toEqual(['Sow beans']);
  });

  it('begins anew with another format', async () => {
    const { page } = await open();
    await choose(page, 'trees.csv', CSV);
    await importButton(page, 'Import').waitFor();
    await importSection(page).getByLabel('Format').selectOption('Taskward (JSON)');
    await importButton(page, 'Import').waitFor({ state: 'detached' });
    await importButton(page, 'Check the file').click();
    await importSection(page).getByRole('alert').waitFor();
  });

  it('makes nothing twice after a lost connection', async () => {
    const { page, api } = await open();
    await choose(page, 'trees.csv', CSV);
    await importButton(page, 'Import').waitFor();
    const keys: (string | undefined)[] = [];
    await page.route('**/api/v1/import?*', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await importButton(page, 'Import').click();
    await importSection(page).getByText('nothing is imported twice').waitFor();
    await importButton(page, 'Import').click();
    await importSection(page).getByText('Imported: 1 list and 2 tasks.').waitFor();
    expect(new Set(keys).size).toBe(1);
    expect(await titles(api)).toEqual(['Plant firs', 'Plant oaks', 'Sow beans']);
  });

  it('refuses a file of more than 20 MB before it is sent', async () => {
    const { page } = await open();
    const folder = await mkdtemp(join(tmpdir(), 'taskward-import-'));
    try {
      const file = join(folder, 'big.csv');
      await writeFile(file, `title\n${'x'.repeat(20 * 1024 * 1024)}`);
      await chooseFile(page, file);
      await importSection(page).getByRole('alert').getByText('The file is too large').waitFor();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows how much of a file has been sent', async () => {
    const { page, context } = await open();
    const session = await context.newCDPSession(page);
    const rates = { latency: 0, downloadThroughput: -1, uploadThroughput: 100_000 };
    await session.send('Network.emulateNetworkConditions', { offline: false, ...rates });
    const rows = Array.from({ length: 4000 }, (_, i) => `task ${String(i)} ${'x'.repeat(60)}`);
    await choose(page, 'many.csv', `title\n${rows.join('\n')}\n`);
    const bar = importSection(page).getByRole('progressbar');
    await bar.waitFor();
    await until(async () => {
      const value = Number(await bar.getAttribute('value'));
      return value > 0 && value < 1;
    });
    await importSection(page).getByText('The import would add').waitFor({ timeout: 30_000 });
  });
});

describe.each(LOOKS)('an import on a $suffix', ({ look, suffix }) => {
  it('keeps nobody out', async () => {
    const { page } = await open(look);
    const inspect = async (name: string) => {
      expect(await barriers(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await clipped(page)).toEqual([]);
      await capture(page, `${name}-${suffix}`);
    };
    await choose(page, 'bad.csv', 'title,due\nwrong,yesterdayish\n');
    await importSection(page).getByRole('list', { name: 'What is wrong:' }).waitFor();
    await inspect('import-refused');
    await choose(page, 'trees.csv', CSV);
    await importButton(page, 'Import').waitFor();
    await inspect('import-preview');
    await importButton(page, 'Import').click();
    await importSection(page).getByText('Imported:').waitFor();
    await inspect('import-done');
  });
});
