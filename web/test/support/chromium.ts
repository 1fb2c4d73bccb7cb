import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

const MISSING = `The tests need Chromium. Install one, then run them again:
  Debian, Ubuntu   apt-get install chromium
  anywhere         npx playwright-core install chromium
or name one in the variable CHROMIUM.`;

/** Returns the machine's Chromium: that of CHROMIUM, of the system, or of Playwright. */
export function findChromium(): string {
  const installed = PROGRAMS.map((name) =>
    spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(),
  );
  const paths = [process.env['CHROMIUM'], ...installed, chromium.executablePath()];
  const found = paths.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found === undefined) throw new Error(MISSING);
  return found;
}

/** Options of a start of Chromium. Its sandbox refuses root. */
export const launchOptions = () => ({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});

export const startChromium = (): Promise<Browser> => chromium.launch(launchOptions());
