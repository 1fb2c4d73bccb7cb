import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { launchOptions } from '../../web/test/support/chromium.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const WIDTHS = { desktop: 1280, phone: 390 };

/** Starts the Chromium that the tests of the web client drive. */
export const startBrowser = (): Promise<Browser> => launch(launchOptions());

/** The docs page in a browser that knows no cookie yet. */
export class DocsPage {
  /** Everything that the browser complained about: errors of scripts, and what the policy refused. */
  readonly complaints: string[] = [];
  readonly requested: URL[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // A response of 4xx is one, too.
      const isResponse = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isResponse) this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (request.url().startsWith('http')) this.requested.push(new URL(request.url()));
    });
  }

  static async open(browser: Browser, url: string, width: number): Promise<DocsPage> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const isMobile = width < 640;
    await page.setViewport({ width, height: 850, isMobile, hasTouch: isMobile });
    // A colour on its way to another one has the contrast of neither.
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    const docs = new DocsPage(page);
    await page.goto(`${url}/docs`);
    await page.waitForSelector('#operations-Tasks-createTask');
    await page.waitForSelector('#account[data-state]');
    return docs;
  }

  /** Runs a script in the page, and returns what it returns. */
  async run<T>(script: string): Promise<T> {
    return (await this.page.evaluate(script)) as T;
  }

  /** Returns a property of an element. */
  async get<T = string>(selector: string, property: string): Promise<T> {
    return this.run(
      `document.querySelector(${JSON.stringify(selector)})[${JSON.stringify(property)}]`,
    );
  }

  /** Returns the text that a user sees in an element. */
  async text(selector = '#account'): Promise<string> {
    return (await this.get(selector, 'innerText')).replaceAll(/\s+/g, ' ').trim();
  }

  /** Returns the ids of the elements that a selector finds, from top to bottom. */
  ids(selector: string): Promise<string[]> {
    return this.run(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map(({ id }) => id)`,
    );
  }

  /** Opens an operation, and waits until its form is there. */
  async unfold(block: string): Promise<void> {
    await this.page.locator(`#operations-${block} .opblock-summary-control`).click();
    await this.page.waitForSelector(`#operations-${block} .responses-fold`);
  }

  /** Sends an operation, with another body if one is given; returns the status of the response. */
  async execute(block: string, body?: object): Promise<string> {
    const at = `#operations-${block}`;
    if (body) await this.#write(`${at} textarea`, JSON.stringify(body));
    await this.page.locator(`${at} .btn.execute`).click();
    const status = `${at} .live-responses-table tbody td`;
    await this.page.waitForSelector(status);
    return /\d+/.exec(await this.get(status, 'textContent'))?.[0] ?? '';
  }

  /** Writes as a user does: Swagger UI takes no value that comes any other way. */
  async #write(selector: string, text: string): Promise<void> {
    await this.page.focus(selector);
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('a');
    await this.page.keyboard.up('Control');
    await this.page.keyboard.sendCharacter(text);
    const field = `document.querySelector(${JSON.stringify(selector)})`;
    await this.page.waitForFunction(`${field}.value === ${JSON.stringify(text)}`);
  }

  /** Returns how far the page can be scrolled to the right. */
  overflow(): Promise<number> {
    const script = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    return this.run(script);
  }

  /** Returns what axe finds against WCAG 2.2 AA: the rule, and where. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(AXE);
    const options = JSON.stringify({ runOnly: RULES });
    return this.run(`axe.run(${options}).then(({ violations }) => violations.flatMap(
      ({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target.join(' '))))`);
  }

  close(): Promise<void> {
    return this.page.browserContext().close();
  }
}
