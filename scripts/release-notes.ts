import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/**
 * Returns the section of `CHANGELOG.md` for a tag.
 *
 * @throws Error when the tag is not that of the version in `package.json`, or has no section.
 */
function notesFor(tag: string): string {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  if (tag !== `v${version}`) throw new Error(`The tag ${tag} is not v${version} of package.json.`);
  const sections = read('CHANGELOG.md').split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${version} `));
  const notes = section?.replace(/^.*\n/, '').trim();
  if (!notes) throw new Error(`CHANGELOG.md has no section "## ${version} – <date>".`);
  return notes;
}

try {
  console.log(notesFor(process.argv[2] ?? ''));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
