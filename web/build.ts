import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/**
 * `npm run build:web`: builds the web client into `web/dist` and compresses its files, unless its
 * sources and packages are those of the last build.
 */
const ROOT = join(import.meta.dirname, '..');
const DIST = join(import.meta.dirname, 'dist');
/** Digest of the sources that were built. Servers send no file whose name begins with a dot. */
const DIGEST_FILE = join(DIST, '.digest');

const SOURCES = [
  'web/{src,public}/**',
  'web/*.{ts,html,json}',
  'clients/typescript/{src/**,package.json}',
  'package-lock.json',
  'tsconfig.json',
];
const COMPRESSED = '**/*.{js,css,svg,webmanifest,json}';
/** Bytes below which compression saves no packet. */
const MIN_BYTES = 1_024;

function digestOf(patterns: readonly string[]): string {
  const hash = createHash('sha256');
  const entries = globSync(patterns, { cwd: ROOT, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map(({ parentPath, name }) => join(parentPath, name));
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Writes `<file>.br` and `<file>.gz` beside a file. */
async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < MIN_BYTES) return;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await Promise.all([
    promisify(brotliCompress)(content, { params }).then((data) => writeFile(`${file}.br`, data)),
    promisify(gzip)(content, { level: 9 }).then((data) => writeFile(`${file}.gz`, data)),
  ]);
}

const digest = digestOf(SOURCES);
if (!existsSync(DIGEST_FILE) || readFileSync(DIGEST_FILE, 'utf8') !== digest) {
  const { build } = await import('vite');
  await build({ root: import.meta.dirname, logLevel: 'warn' });
  const files = globSync(COMPRESSED, { cwd: DIST });
  await Promise.all(files.map((file) => compress(join(DIST, file))));
  // Last: an interrupted build is made anew.
  writeFileSync(DIGEST_FILE, digest);
}
