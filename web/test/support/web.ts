import assert from 'node:assert/strict';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { startApp, type TestApp } from '../../../test/support/app.js';
import { newAddress, PASSWORD } from '../../../test/support/identity.js';
import { startChromium } from './chromium.js';

/** Directory of the built web client. */
export const WEB_ROOT = fileURLToPath(new URL('../../dist', import.meta.url));

const WIDTHS = { desktop: 1280, phone: 390 } as const;
const SCHEMES = ['light', 'dark'] as const;

/** Every combination of colours and widths. */
export const LOOKS = SCHEMES.flatMap((colorScheme) =>
  Object.entries(WIDTHS).map(([device, width]) => ({
    look: { colorScheme, viewport: { width, height: 850 } },
    suffix: `${device}-${colorScheme}`,
  })),
);

/** Returns the day that is so many days from now, where the browsers are. */
export const day = (days: number) => {
  const zone = { timeZone: 'Europe/Berlin' };
  return new Intl.DateTimeFormat('sv', zone).format(Date.now() + days * 24 * 60 * 60 * 1000);
};

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A server with the built web client, and browsers that know no cookie yet. */
export class Web {
  readonly #contexts: BrowserContext[] = [];
  /** Errors that browsers reported: of scripts, and what the policy refused. */
  readonly #complaints: string[] = [];
  readonly #foreign = new Set<string>();

  private constructor(
    readonly app: TestApp,
    readonly browser: Browser,
  ) {}

  static async start(variables: Record<string, string> = {}, webRoot = WEB_ROOT): Promise<Web> {
    const browser = await startChromium();
    return new Web(await startApp(variables, { webRoot }), browser);
  }

  /** Origin that users see. */
  get url(): string {
    return this.app.url.replace('127.0.0.1', 'localhost');
  }

  /** Returns a browser of its own: its tabs share cookies, and nothing with others. */
  async newBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      baseURL: this.url,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      // A colour on its way to another one has the contrast of neither.
      reducedMotion: 'reduce',
      ...options,
    });
    this.watch(context);
    return context;
  }

  /** Watches a browser until the end of the test, which closes it. `url`: the origin that it may contact. */
  watch(context: BrowserContext, url = this.url): void {
    context.setDefaultTimeout(10_000);
    this.#contexts.push(context);
    context.on('console', (message) => {
      // A response of 4xx or 5xx is one, too.
      const isResponse = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isResponse) this.#complaints.push(message.text());
    });
    context.on('weberror', (error) => this.#complaints.push(String(error.error())));
    context.on('request', (request) => {
      const isForeign = request.url().startsWith('http') && new URL(request.url()).origin !== url;
      if (isForeign) this.#foreign.add(request.url());
    });
  }

  /** Opens a page in a browser of its own. */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.newBrowser(options);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /** Creates an account without the page; its session is in the browser's cookie. */
  async signUp(context: BrowserContext, name = 'Ada Lovelace'): Promise<Person> {
    const person = { name, email: newAddress() };
    await this.#post(context, '/api/auth/sign-up/email', { ...person, password: PASSWORD });
    return person;
  }

  async signIn(context: BrowserContext, { email }: Person): Promise<void> {
    await this.#post(context, '/api/auth/sign-in/email', { email, password: PASSWORD });
  }

  async #post(context: BrowserContext, path: string, data: object): Promise<void> {
    const response = await context.request.post(path, { data, headers: { origin: this.url } });
    assert.ok(response.ok(), `${path}: ${String(response.status())}`);
  }

  /** Closes the browsers of a test; none of them complained or left this origin. */
  async settle(): Promise<void> {
    const contexts = this.#contexts.splice(0);
    await Promise.all(contexts.map((context) => context.close()));
    const foreign = [...this.#foreign];
    this.#foreign.clear();
    const complaints = this.#complaints.splice(0);
    assert.deepEqual({ complaints, foreign }, { complaints: [], foreign: [] });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.app.close();
  }
}

/** Starts a server and a browser for all tests of the file, or of the describe(), that calls it. */
export function useWeb(variables?: () => Record<string, string>): () => Web {
  let web: Web | undefined;
  beforeAll(async () => {
    web = await Web.start(variables?.());
  });
  afterEach(() => web?.settle());
  afterAll(() => web?.close());
  return () => {
    if (web === undefined) throw new Error('The server is there from the first beforeAll() on.');
    return web;
  };
}
