import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'puppeteer-core';
import { startApp, type TestApp } from '../support/app.js';
import { DocsPage, startBrowser, WIDTHS } from '../support/browser.js';
import { RemoteIssuer } from '../support/remote-issuer.js';
import { AUDIENCE, ISSUER, SECRET, SECRET_MODE } from '../support/tokens.js';

const WIDTH_ROWS = Object.entries(WIDTHS).map(([device, width]) => ({ device, width }));

// Swagger UI draws each of ten operations anew, which takes a busy machine seconds.
jest.setTimeout(180_000);

let browser: Browser;
let app: TestApp;
let docs: DocsPage;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const open = async (width: number = WIDTHS.desktop) => {
  docs = await DocsPage.open(browser, app.url, width);
  return docs;
};

function expectNoComplaints({ complaints, requested }: DocsPage): void {
  expect(complaints).toEqual([]);
  expect([...new Set(requested.map(({ origin }) => origin))]).toEqual([app.url]);
}

// In every test: no script failed, the policy blocked nothing, and no other origin was contacted.
afterEach(async () => {
  expectNoComplaints(docs);
  await docs.close();
});

async function signUp(): Promise<string> {
  const email = `ada.${randomUUID()}@example.com`;
  await docs.page.locator('#account [data-operation=signUp]').click();
  await docs.page.waitForSelector('#operations-Sign_in-signUp textarea');
  const body = { name: 'Ada', email, password: 'correct horse battery' };
  expect(await docs.execute('Sign_in-signUp', body)).toBe('200');
  await docs.page.waitForSelector('#account[data-state=in]');
  return email;
}

describe('in mode embedded', () => {
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each(WIDTH_ROWS)('leads from sign-up to a task on a $device', async ({ width }) => {
    const { page } = await open(width);
    expect(await docs.text()).toMatch(/^Sign up first, or sign in: /);
    expect([await docs.overflow(), await docs.barriers()]).toEqual([0, []]);
    const email = await signUp();
    expect(await docs.text()).toMatch(`Signed in as Ada (${email}).`);

    await page.locator('#account [data-operation=createTask]').click();
    await page.waitForSelector('#operations-Tasks-createTask textarea');
    expect(await docs.execute('Tasks-createTask')).toBe('201');
    expect([await docs.overflow(), await docs.barriers()]).toEqual([0, []]);

    await page.locator('#sign-out').click();
    await page.waitForSelector('#account[data-state=out]');
  });

  it('is as wide as the screen of a phone', async () => {
    await open(WIDTHS.phone);
    expect(await docs.run('innerWidth')).toBe(WIDTHS.phone);
  });

  it('shows sign-in, then tasks, then the rest', async () => {
    await open();
    expect(await docs.ids('.opblock-tag')).toEqual(
      [
        'Sign_in',
        'Tasks',
        'Lists',
        'Changes',
        'Export_and_import',
        'Tokens',
        'Feeds',
        'Accounts',
        'Health',
      ].map((tag) => `operations-tag-${tag}`),
    );
    expect((await docs.ids('.opblock')).slice(0, 4)).toEqual([
      ...['signUp', 'signIn', 'signOut'].map((id) => `operations-Sign_in-${id}`),
      'operations-Tasks-createTask',
    ]);
  });

  it.each(WIDTH_ROWS)('folds the responses of an operation on a $device', async ({ width }) => {
    const { page } = await open(width);
    await docs.unfold('Tasks-createTask');
    const block = '#operations-Tasks-createTask';
    expect(await docs.get<number>(block, 'clientHeight')).toBeLessThan(1000);
    expect(await docs.text(`${block} .responses-fold`)).toMatch(
      /^Responses: 201, 400, 401, .*503$/,
    );

    await page.locator(`${block} .responses-fold summary`).click();
    await page.waitForSelector(`${block} .responses-fold[open] .responses-table`);
    expect(await docs.overflow()).toBe(0);
  });

  it('fills {id} with the task seen last, but not over what was written there', async () => {
    const { page } = await open();
    await signUp();
    const idOf = (operation: string) => `#operations-Tasks-${operation} [data-param-name=id] input`;
    await docs.unfold('Tasks-createTask');
    await docs.execute('Tasks-createTask');
    await docs.unfold('Tasks-updateTask');
    const first = await docs.get(idOf('updateTask'), 'value');
    expect(first).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    expect(await docs.execute('Tasks-updateTask', { title: 'Bread' })).toBe('200');

    const own = randomUUID();
    await docs.unfold('Tasks-getTask');
    await page.locator(idOf('getTask')).fill(own);
    await page.locator('#operations-Tasks-createTask .btn.execute').click();
    await page.waitForFunction(
      `document.querySelector(${JSON.stringify(idOf('updateTask'))}).value !== '${first}'`,
    );
    expect(await docs.get(idOf('getTask'), 'value')).toBe(own);
  });

  it('has bodies and ids that work as they stand', async () => {
    await open();
    await signUp();
    for (const [block, status] of [
      ['Tasks-createTask', '201'],
      ['Tasks-skipTask', '200'],
      ['Tasks-replaceTask', '200'],
      ['Tasks-updateTask', '200'],
      ['Tasks-moveTask', '200'],
      ['Tasks-completeTask', '200'],
      ['Tasks-batchTasks', '200'],
      ['Lists-createList', '201'],
      ['Lists-replaceList', '200'],
      ['Lists-updateList', '200'],
      ['Lists-moveList', '200'],
    ] as const) {
      await docs.unfold(block);
      expect([block, await docs.execute(block)]).toEqual([block, status]);
    }
  });

  it('sends the token to the API of its own origin alone', async () => {
    const { page } = await open();
    await signUp();
    const headersOf = (url: string) =>
      page.evaluate(
        `ui.getConfigs().requestInterceptor({ url: ${JSON.stringify(url)}, headers: {} })
          .then(({ headers }) => Object.keys(headers))`,
      );
    expect(await headersOf(`${app.url}/api/v1/tasks`)).toEqual(['Authorization']);
    expect(await headersOf('/api/v1/tasks')).toEqual(['Authorization']);
    const others = [
      'https://elsewhere.example/api/v1/tasks',
      `https://elsewhere.example/?${app.url}/api/v1/`,
      '//elsewhere.example/api/v1/tasks',
      `${app.url}/api/auth/get-session`,
    ];
    for (const url of others) expect([url, await headersOf(url)]).toEqual([url, []]);
  });

  it('shows when the session has ended elsewhere', async () => {
    const { page } = await open();
    await signUp();
    await page.evaluate(`fetch('/api/auth/sign-out', { method: 'POST' })`);
    await docs.unfold('Tasks-listTasks');
    expect(await docs.execute('Tasks-listTasks')).toBe('401');
    await page.waitForSelector('#account[data-state=out]');
    expect(await docs.text()).toMatch(/^Sign up first/);
  });
});

/** Pastes a token, and waits for what the page makes of it. */
async function paste(token: string, state: 'in' | 'error'): Promise<string> {
  await docs.page.locator('#token').fill(token);
  await docs.page.locator('#token-form button').click();
  await docs.page.waitForSelector(`#account[data-state=${state}]`);
  return docs.text();
}

describe('in mode secret', () => {
  beforeAll(async () => {
    app = await startApp(SECRET_MODE);
  });
  afterAll(() => app.close());

  it.each(WIDTH_ROWS)('takes the token of its own command on a $device', async ({ width }) => {
    const { page } = await open(width);
    expect(await docs.text()).toMatch(`it takes tokens of ${ISSUER} for the audience ${AUDIENCE}`);
    expect([await docs.overflow(), await docs.barriers()]).toEqual([0, []]);
    await page.locator('#account summary').click();
    expect(await docs.overflow()).toBe(0);
    const command = await docs.get('#token-command', 'textContent');
    const token = execFileSync('sh', ['-c', command], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], BETTER_AUTH_SECRET: SECRET },
    });
    expect(await paste('nonsense', 'error')).toMatch('Not signed in: that is no JSON Web Token.');
    expect(await paste(token, 'in')).toMatch('Signed in as ada.');
    await docs.unfold('Tasks-createTask');
    expect(await docs.execute('Tasks-createTask')).toBe('201');
    expect([await docs.overflow(), await docs.barriers()]).toEqual([0, []]);

    await page.locator('#sign-out').click();
    await page.waitForSelector('#account[data-state=out]');
  });

  it('shows why a token is rejected', async () => {
    await open();
    expect(await paste('aaa.bbb.ccc', 'error')).toMatch(/^Not signed in: \w+/);
  });
});

describe('in mode jwks', () => {
  let issuer: RemoteIssuer;
  beforeAll(async () => {
    issuer = await RemoteIssuer.start();
    app = await startApp(issuer.variables);
  });
  afterAll(async () => {
    await app.close();
    await issuer.kill();
  });

  it.each(WIDTH_ROWS)('names the issuer, and takes its token on a $device', async ({ width }) => {
    await open(width);
    expect(await docs.text()).toMatch(`it takes tokens of ${issuer.url} for the audience`);
    expect(await docs.get('#account a', 'href')).toBe(`${issuer.url}/api/auth/token`);
    expect([await docs.overflow(), await docs.barriers()]).toEqual([0, []]);
    const user = await issuer.signUp('grace');
    const token = JSON.stringify({ token: await issuer.token(user) });
    expect(await paste(token, 'in')).toMatch(/Signed in as \S/);
    await docs.unfold('Tasks-createTask');
    expect(await docs.execute('Tasks-createTask')).toBe('201');
    expect(await docs.overflow()).toBe(0);
  });
});
