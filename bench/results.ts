import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Mode } from './options.ts';
import { markdown, type Ratio, type Report } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(import.meta.dirname, 'results');
/** The committed figures; a quick run is compared with a quick one. */
const COMMITTED = join(RESULTS, 'committed.json');
const DOCUMENT = join(ROOT, 'docs/performance.md');

type Committed = Partial<Record<Mode, Report>>;

async function committed(): Promise<Committed> {
  if (!existsSync(COMMITTED)) return {};
  return JSON.parse(await readFile(COMMITTED, 'utf8')) as Committed;
}

/** Returns the ratios committed last. */
export async function committedRatios(mode: Mode): Promise<readonly Ratio[]> {
  return (await committed())[mode]?.ratios ?? [];
}

/** Rounds to three digits, the precision that a machine can reproduce. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

const json = (value: unknown) => `${JSON.stringify(value, rounded, 2)}\n`;

/** Stores the figures of this run beside the committed ones, ignored by git. */
export async function save(report: Report): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, 'last.json'), json(report));
  await writeFile(join(RESULTS, 'last.md'), `${markdown(report)}\n`);
}

/** Replaces what the document shows between `<!-- block -->` and `<!-- /block -->`. */
export async function writeBlock(block: 'figures' | 'indexes', content: string): Promise<void> {
  const [start, end] = [`<!-- ${block} -->`, `<!-- /${block} -->`];
  const text = await readFile(DOCUMENT, 'utf8');
  const [before, after] = [text.indexOf(start), text.indexOf(end)];
  if (before < 0 || after < 0) throw new Error(`${DOCUMENT} has no block ${block}.`);
  const written = `${text.slice(0, before)}${start}\n\n${content}\n\n${text.slice(after)}`;
  const style = await resolveConfig(DOCUMENT);
  await writeFile(DOCUMENT, await format(written, { ...style, filepath: DOCUMENT }));
}

/** Writes the committed figures; the document shows the newest run. */
export async function commit(report: Report): Promise<void> {
  await writeFile(COMMITTED, json({ ...(await committed()), [report.mode]: report }));
  await writeBlock('figures', markdown(report));
}
