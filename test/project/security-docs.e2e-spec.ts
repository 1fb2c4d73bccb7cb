import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ASVS_LEVEL_2 } from '../support/asvs.js';
import { anchorsIn, evidenceIn, rowsOf, titlesIn } from '../support/docs-tables.js';

interface Requirement {
  readonly id: string;
  readonly state: string;
  readonly by: string;
}

const PAGE = 'docs/security.md';
const page = await readFile(PAGE, 'utf8');
const authentication = await readFile('docs/authentication.md', 'utf8');

const requirementsIn = (heading: string, id?: RegExp): Requirement[] =>
  rowsOf(page, heading, id).map(([requirement = '', state = '', by = '']) => ({
    id: requirement.split(' ')[0] ?? '',
    state,
    by,
  }));

const asvs = requirementsIn('OWASP ASVS');
const topTen = requirementsIn('OWASP API', /A/);
const all = [...asvs, ...topTen];

/** Names the fault of a link: a file, a heading or a test that is not there, or no test of a suite. */
async function faultsOf({ path, anchor, titles }: ReturnType<typeof evidenceIn>[number]) {
  const file = path === '' ? PAGE : join('docs', path);
  await access(file);
  if (anchor !== undefined) {
    return (await anchorsIn(file)).has(anchor) ? [] : [`${file} has no heading #${anchor}`];
  }
  if (!file.endsWith('spec.ts')) return [];
  if (titles.length === 0) return [`no test of ${file} is named`];
  const known = await titlesIn(file);
  return titles.filter((title) => !known.has(title)).map((title) => `${file} has no "${title}"`);
}

/** The row that stands for a requirement: its own, that of its section or that of its chapter. */
function rowOf(id: string): Requirement | undefined {
  const [chapter = '', section = ''] = id.split('.');
  return [id, `${chapter}.${section}`, chapter].flatMap((name) =>
    asvs.filter((row) => row.id === name),
  )[0];
}

describe('docs/security.md', () => {
  it('has each requirement of ASVS level 2, in its order, and no other', () => {
    expect(ASVS_LEVEL_2.filter((id) => rowOf(id) === undefined)).toEqual([]);
    const used = new Set(ASVS_LEVEL_2.map((id) => rowOf(id)?.id));
    expect(asvs.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
    expect(new Set(asvs.map(({ id }) => id)).size).toBe(asvs.length);
    const byNumbers = new Intl.Collator('en', { numeric: true });
    expect(asvs.map(({ id }) => id)).toEqual(asvs.map(({ id }) => id).sort(byNumbers.compare));
  });

  it('marks a whole section as met only if another page lists its requirements', () => {
    const elsewhere = new Set(
      rowsOf(authentication, 'OWASP ASVS').map(([name = '']) => name.split(' ')[0]),
    );
    const summed = ASVS_LEVEL_2.filter((id) => rowOf(id)?.id !== id);
    const met = summed.filter((id) => rowOf(id)?.state === 'met');
    expect(met.length).toBeGreaterThan(0);
    expect(met.filter((id) => !elsewhere.has(id))).toEqual([]);
  });

  it('has the ten risks', () => {
    expect(topTen.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `API${String(index + 1)}`),
    );
  });

  it.each(all)('names for $id the evidence, or why it is not met', async ({ state, by }) => {
    const evidence = evidenceIn(by);
    expect((await Promise.all(evidence.map(faultsOf))).flat()).toEqual([]);
    expect(['met', 'not met', 'n/a']).toContain(state);
    const isExplained = state === 'met' ? evidence.length > 0 : by.length > 10;
    expect({ by, isExplained }).toEqual({ by, isExplained: true });
  });

  it('counts right', () => {
    const count = (state: string) => ASVS_LEVEL_2.filter((id) => rowOf(id)?.state === state).length;
    const [total, met, notMet, notApplicable] = [
      ASVS_LEVEL_2.length,
      count('met'),
      count('not met'),
      count('n/a'),
    ].map(String);
    const others = `${notMet} are not met and ${notApplicable} do not apply`;
    expect(page).toContain(`${met} of ${total} requirements are met, ${others}.`);
  });

  it('is linked where a reader looks for it', async () => {
    for (const file of ['README.md', 'SECURITY.md', 'docs/architecture.md']) {
      expect(await readFile(file, 'utf8')).toMatch(/\]\((docs\/)?security\.md\)/);
    }
  });
});
