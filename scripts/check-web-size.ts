import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * `npm run check:web-size`: refuses a web client whose pages load too much JavaScript before they
 * show anything: the scripts of `index.html` with all that they import statically.
 */
const MAX_KILOBYTES = 200;
const DIST = 'web/dist';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8')) as Record<
  string,
  Chunk
>;
const initial = new Set<string>();

function add(key: string): void {
  if (initial.has(key)) return;
  initial.add(key);
  for (const name of manifest[key]?.imports ?? []) add(name);
}

for (const [key, { isEntry = false }] of Object.entries(manifest)) if (isEntry) add(key);

const files = [...initial].flatMap((key) => manifest[key]?.file ?? []);
const sizes = files.map((file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length);
const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1_000;
const summary = `${kilobytes.toFixed(1)} kB of initial JavaScript (gzip) in ${String(files.length)} files`;
if (files.length === 0 || kilobytes > MAX_KILOBYTES) {
  process.stderr.write(`${summary}: at most ${String(MAX_KILOBYTES)} kB are allowed.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${summary}\n`);
}
