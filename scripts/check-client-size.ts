import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/**
 * `npm run check:client-size`: refuses a @taskward/client that is too large when all of it is used, or that
 * imports what browsers and other runtimes do not have.
 */
const MAX_KILOBYTES = 12;
const ENTRY = 'clients/typescript/src/index.ts';

const bundle = await rolldown({ input: ENTRY, platform: 'neutral', logLevel: 'silent' });
const { output } = await bundle.generate({ minify: true });
const [{ code, imports }] = output;
const kilobytes = gzipSync(code, { level: 9 }).length / 1_000;
const summary = `${kilobytes.toFixed(1)} kB of @taskward/client (gzip)`;
if (imports.length > 0) {
  process.stderr.write(`@taskward/client imports ${imports.join(', ')}.\n`);
  process.exitCode = 1;
} else if (kilobytes > MAX_KILOBYTES) {
  process.stderr.write(`${summary}: at most ${String(MAX_KILOBYTES)} kB are allowed.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${summary}\n`);
}
