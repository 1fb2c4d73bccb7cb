import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The files with the version of a release: that of the server, and those of the published clients. */
const MANIFESTS = [
  'package.json',
  'clients/typescript/package.json',
  'clients/python/pyproject.toml',
];

/** Returns the version of a manifest, in JSON or TOML. */
const versionIn = (path: string) => /^(?:  "version":|version =) "(.+)"/m.exec(read(path))?.[1];

/**
 * Returns the section of `CHANGELOG.md` for a tag.
 *
 * @throws Error when the tag is not that of the version in a manifest, or has no section.
 */
function notesFor(tag: string): string {
  const version = tag.replace(/^v/, '');
  for (const path of MANIFESTS) {
    const found = `v${versionIn(path) ?? ''}`;
    if (tag !== found) throw new Error(`The tag ${tag} is not ${found} of ${path}.`);
  }
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
