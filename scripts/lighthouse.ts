import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';
import { Program } from '../test/support/program.ts';
import { findChromium } from '../web/test/support/chromium.ts';

/**
 * `npm run test:lighthouse`: measures the built web client in Chromium against a Taskward of its own.
 * Fails when a score is below the minimum in all runs. The profile is that of a desktop: the one of a
 * phone divides the speed of the CPU by four, so its score is that of the machine.
 */
const LIGHTHOUSE = '.ci/lighthouse/node_modules/lighthouse/cli/index.js';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const MIN_SCORE = 95;
/** Performance depends on how busy the machine is: the best run counts. */
const MAX_RUNS = 3;
const TASKS = 50;

const PASSWORD = 'correct horse battery';

interface Report {
  readonly finalDisplayedUrl: string;
  readonly categories: Record<string, { readonly score: number | null }>;
  readonly audits: Record<
    string,
    { readonly title: string; readonly score: number | null; readonly displayValue?: string }
  >;
}

/** Signs up in the browser, whose cookies Lighthouse uses, and creates tasks. */
async function signUp(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${url}/docs`);
  await page.evaluate(
    async (password, count) => {
      const json = { 'content-type': 'application/json' };
      const account = { name: 'Ada', email: 'ada@example.com', password };
      const post = async (path: string, body: object, headers = {}) => {
        const response = await fetch(path, {
          method: 'POST',
          headers: { ...json, ...headers },
          body: JSON.stringify(body),
        });
        if (!response.ok) throw new Error(`${path}: ${String(response.status)}`);
      };
      await post('/api/auth/sign-up/email', account);
      const { token } = (await (await fetch('/api/auth/token')).json()) as { token: string };
      const due = new Date().toISOString().slice(0, 10);
      const operations = Array.from({ length: count }, (_, n) => ({
        op: 'create',
        task: { title: `Buy milk ${String(n)}`, due, tags: ['home'] },
      }));
      await post('/api/v1/tasks/batch', { operations }, { authorization: `Bearer ${token}` });
    },
    PASSWORD,
    TASKS,
  );
  await page.close();
}

/** Runs Lighthouse in the browser: it empties the cache, and keeps the cookies. */
async function measure(browser: Browser, url: string): Promise<Report> {
  const { port } = new URL(browser.wsEndpoint());
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...[LIGHTHOUSE, url, '--preset=desktop', `--port=${port}`, '--output=json', '--quiet'],
      ...[`--only-categories=${CATEGORIES.join(',')}`],
    ],
    { maxBuffer: 64 * 1024 * 1024, timeout: 180_000 },
  );
  const report = JSON.parse(stdout) as Report;
  if (report.finalDisplayedUrl !== url)
    throw new Error(`${url} leads to ${report.finalDisplayedUrl}`);
  return report;
}

/** Returns the scores of a report that are too low. */
const lowScores = ({ categories }: Report): string[] =>
  CATEGORIES.filter((name) => Math.round((categories[name]?.score ?? 0) * 100) < MIN_SCORE);

function print(path: string, { categories, audits }: Report): void {
  const scores = CATEGORIES.map(
    (name) => `${name} ${String((categories[name]?.score ?? 0) * 100)}`,
  );
  process.stdout.write(`${path}: ${scores.join(', ')}\n`);
  for (const { title, score, displayValue = '' } of Object.values(audits)) {
    if (score !== null && score < 0.9) process.stdout.write(`  ${title} ${displayValue}\n`);
  }
}

/** Returns whether a page reaches the minimum in one of its runs; one that Lighthouse cannot finish is lost. */
async function check(browser: Browser, url: string, path: string): Promise<boolean> {
  for (let run = 1; run <= MAX_RUNS; run += 1) {
    try {
      const report = await measure(browser, url + path);
      print(path, report);
      if (lowScores(report).length === 0) return true;
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      if (stderr?.startsWith('Runtime error encountered') !== true) throw error;
      process.stdout.write(`${path}: ${stderr}`);
    }
  }
  return false;
}

if (!existsSync(LIGHTHOUSE)) {
  throw new Error('Lighthouse is not installed: npm ci --prefix .ci/lighthouse');
}
const folder = mkdtempSync(join(tmpdir(), 'taskward-lighthouse-'));
const program = new Program({ DATA_DIR: join(folder, 'data'), RATE_LIMIT: 'off' }, folder);
const browser = await puppeteer.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox'],
});
try {
  const url = await program.ready();
  const isFast = await check(browser, url, '/sign-in');
  await signUp(browser, url);
  if (!((await check(browser, url, '/all')) && isFast)) process.exitCode = 1;
} finally {
  await browser.close();
  await program.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
