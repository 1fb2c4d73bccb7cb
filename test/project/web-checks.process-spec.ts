import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { copyWith, run } from '../support/checks.js';

const BOUNDARIES = ['--config', 'web/.dependency-cruiser.cjs', 'web/src'];

describe('boundaries of the web client', () => {
  const planted: [rule: string, file: string, imports: string][] = [
    ['no-circular', 'web/src/tasks/egg.ts', './hen'],
    ['web-stands-alone', 'web/src/tasks/api.ts', '../../../src/tasks/task'],
    ['libraries-below-features', 'web/src/ui/planted.ts', '../tasks/inside'],
    ['auth-below-features', 'web/src/auth/planted.ts', '../tasks/inside'],
    ['features-apart', 'web/src/account/planted.ts', '../tasks/inside'],
    ['lists-for-tasks', 'web/src/account/lists.ts', '../lists/inside'],
    ['secrets-for-the-account', 'web/src/tasks/tokens.ts', '../tokens/inside'],
    ['better-auth-only-in-auth', 'web/src/tasks/planted.ts', 'better-auth/react'],
    ['not-to-unresolvable', 'web/src/tasks/nowhere.ts', './missing'],
  ];
  const allowed: [file: string, imports: string][] = [
    ['web/src/app/router.ts', '../tasks/inside'],
    ['web/src/auth/client.ts', 'better-auth/react'],
    ['web/src/i18n/en.ts', '../tasks/texts.en'],
    ['web/src/account/page.ts', '../ui/notice'],
    ['web/src/account/tokens.ts', '../tokens/inside'],
  ];
  const targets: [file: string, imports: string][] = [
    ['web/src/tasks/hen.ts', './egg'],
    ['web/src/tasks/inside.ts', 'react'],
    ['web/src/lists/inside.ts', 'react'],
    ['web/src/tokens/inside.ts', 'react'],
    ['web/src/tasks/texts.en.ts', 'react'],
    ['web/src/ui/notice.ts', 'react'],
    ['src/tasks/task.ts', 'jose'],
  ];
  const broken = new Map<string, string[]>();

  beforeAll(() => {
    const sources = [...planted.map(([, ...source]) => source), ...allowed, ...targets].map(
      ([file, imports]): [string, string] => [
        file,
        `import * as x from '${imports}';\nexport { x };\n`,
      ],
    );
    const { stdout } = run('depcruise', BOUNDARIES, { cwd: copyWith(sources) });
    for (const [, rule = '', file = ''] of stdout.matchAll(/^ *error ([^:]+): (\S+)/gm)) {
      broken.set(file, [...(broken.get(file) ?? []), rule]);
    }
  });

  test.each(planted)('%s: %s may not import %s', (rule, file) => {
    expect(broken.get(file)).toEqual([rule]);
  });

  test.each(allowed)('%s may import %s', (file) => {
    expect(broken.get(file)).toBeUndefined();
  });

  test('each rule is broken by a case above', () => {
    const config = createRequire(import.meta.url)('../../web/.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    const covered = new Set(planted.map(([rule]) => rule));
    expect(new Set(config.forbidden.map(({ name }) => name))).toEqual(covered);
  });

  test('this tree keeps them all', () => {
    expect(run('depcruise', BOUNDARIES)).toMatchObject({ status: 0 });
  });
});

describe('lint of the web client', () => {
  const planted: [rule: string, file: string, source: string][] = [
    [
      'no-restricted-syntax',
      'web/src/tasks/raw.tsx',
      'export const Raw = () => <p dangerouslySetInnerHTML={{ __html: "x" }} />;',
    ],
    [
      'no-restricted-syntax',
      'web/src/tasks/inner.ts',
      "export const write = (element: Element) => {\n  element.innerHTML = '<b>x</b>';\n};",
    ],
    [
      'react-hooks/rules-of-hooks',
      'web/src/tasks/hook.tsx',
      "import { useId } from 'react';\nexport const Row = ({ on }: { on: boolean }) => (on ? <p id={useId()} /> : null);",
    ],
    ['no-console', 'web/src/tasks/console.ts', "console.log('hello');"],
  ];
  const found = new Map<string, (string | null)[]>();

  beforeAll(() => {
    const cwd = copyWith(planted.map(([, ...source]) => source));
    const { stdout } = run('eslint', ['--format', 'json', 'web/src'], { cwd });
    const results = JSON.parse(stdout) as {
      filePath: string;
      messages: { ruleId: string | null }[];
    }[];
    for (const { filePath, messages } of results) {
      const file = relative(cwd, filePath).replaceAll('\\', '/');
      found.set(
        file,
        messages.map(({ ruleId }) => ruleId),
      );
    }
  });

  test.each(planted)('%s refuses %s', (rule, file) => {
    expect(found.get(file)).toEqual([rule]);
  });
});
