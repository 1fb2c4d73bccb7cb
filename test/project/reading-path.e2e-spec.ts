import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const MAX_FILES = 20;
const PAGE = join(import.meta.dirname, '../../docs/architecture.md');

/** The files that docs/architecture.md has a reader follow a list with. */
const LISTED = Array.from(
  readFileSync(PAGE, 'utf8').matchAll(/^\| `(src\/[^`]+\.ts)`/gm),
  ([, file = '']) => ({ file }),
);

const app = useApp(SECRET_MODE);
let executed: ReadonlySet<string>;

beforeAll(async () => {
  const ada = await mintUser(app.url, 'ada');
  await ada.create({ title: 'b', tags: ['a'] });
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await ada.list('?tags=a&q=b');
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const files = result
      .filter(({ functions }) =>
        functions.some(({ functionName, ranges: [range] }) => functionName !== '' && range?.count),
      )
      .map(({ url }) => /\/dist\/(.*)\.js$/.exec(url)?.[1])
      .filter((name) => name !== undefined);
    executed = new Set(files.map((name) => `src/${name}.ts`));
  } finally {
    session.disconnect();
  }
});

it(`lists at most ${String(MAX_FILES)} files`, () => {
  expect(LISTED.length).toBeGreaterThan(0);
  expect(LISTED.length).toBeLessThanOrEqual(MAX_FILES);
});

it.each(LISTED)('$file takes part in the request', ({ file }) => {
  expect(executed).toContain(file);
});

it('lists every file of tasks that decides what is found', () => {
  const deciding = [...executed].filter((file) =>
    /^src\/tasks\/(?!page-size|time-zone|due|priority|tag-fold|text-size)/.test(file),
  );
  expect(LISTED.map(({ file }) => file)).toEqual(expect.arrayContaining(deciding));
});
