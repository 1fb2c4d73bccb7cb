import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * `npm run check:web-size`: refuses a web client that loads too much JavaScript with `index.html`: its
 * scripts, and the modules that it preloads. Each page adds its own, which are loaded on demand.
 */
const MAX_KILOBYTES = 200;
const DIST = 'web/dist';

const html = readFileSync(join(DIST, 'index.html'), 'utf8');
const files = Array.from(html.matchAll(/"(\/assets\/[^"]+\.js)"/g), ([, file = '']) => file);
const sizes = files.map((file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length);
const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1_000;
const summary = `${kilobytes.toFixed(1)} kB of initial JavaScript (gzip) in ${String(files.length)} files`;
if (files.length === 0 || kilobytes > MAX_KILOBYTES) {
  process.stderr.write(`${summary}: at most ${String(MAX_KILOBYTES)} kB are allowed.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${summary}\n`);
}
