import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { copyWith, ROOT, run } from '../support/checks.js';

/** A rule that cannot fail guards nothing: each one is broken here, on purpose, in a copy. */

describe('boundaries', () => {
  const planted: [rule: string, file: string, imports: string][] = [
    ['no-circular', 'src/tasks/egg.ts', './hen.js'],
    ['libraries-below-features', 'src/common/planted.ts', '../tasks/index.js'],
    ['libraries-below-features', 'src/database/planted.ts', '../unlisted/index.js'],
    ['libraries-below-features', 'src/resource/planted.ts', '../auth/index.js'],
    ['database-below-resources', 'src/config/planted.ts', '../resource/index.js'],
    ['metrics-below-all', 'src/metrics/planted.ts', '../resource/index.js'],
    ['prom-client-only-in-metrics', 'src/tasks/counter.ts', 'prom-client'],
    ['tracing-below-all', 'src/tracing/planted.ts', '../resource/index.js'],
    ['opentelemetry-only-in-tracing', 'src/tasks/span.ts', '@opentelemetry/api'],
    ['opentelemetry-on-demand', 'src/tracing/tracer.ts', '@opentelemetry/api'],
    ['opentelemetry-on-demand', 'src/tracing/index.ts', './span-exporter.js'],
    ['mcp-sdk-on-demand', 'src/mcp/mcp.service.ts', './mcp-server.js'],
    ['mcp-sdk-on-demand', 'src/mcp/planted.ts', '@modelcontextprotocol/sdk/types.js'],
    ['auth-and-identity-apart', 'src/auth/planted.ts', '../identity/index.js'],
    ['auth-and-identity-apart', 'src/identity/planted.ts', '../auth/index.js'],
    ['tasks-without-identity', 'src/tasks/planted.ts', '../identity/index.js'],
    ['one-door-per-module', 'src/tasks/deep.ts', '../auth/inside.js'],
    ['one-door-per-module', 'src/app.module.ts', './tasks/inside.js'],
    ['one-door-per-module', 'src/tasks/library.ts', '../database/owner-id.js'],
    ['one-door-per-module', 'src/unlisted/planted.ts', '../tasks/inside.js'],
    ['one-door-per-module', 'src/tasks/unlisted.ts', '../unlisted/inside.js'],
    ['nothing-reaches-back', 'src/health/planted.ts', '../app.module.js'],
    ['src-stands-alone', 'src/tasks/tested.ts', '../../test/inside.js'],
    ['better-auth-only-in-identity', 'src/auth/better-auth.ts', 'better-auth'],
    ['passport-only-in-auth', 'src/identity/passport.ts', 'passport-jwt'],
    ['passport-only-in-auth', 'src/identity/nest-passport.ts', '@nestjs/passport'],
    ['orm-only-near-tables', 'src/tasks/tasks.service.ts', '@mikro-orm/core'],
    ['pg-only-where-pools-live', 'src/tasks/tasks.repository.ts', 'pg'],
    ['not-to-dev-dep', 'src/common/dev.ts', 'prettier'],
    ['no-non-package-json', 'src/common/undeclared.ts', 'rxjs'],
    ['not-to-unresolvable', 'src/common/nowhere.ts', './missing.js'],
    ['orm-only-near-tables', 'src/idempotency/planted.interceptor.ts', '@mikro-orm/core'],
    ['processes-only-for-postgresql', 'src/tasks/process.ts', 'node:child_process'],
    ['processes-only-for-postgresql', 'src/database/process.ts', 'child_process'],
  ];
  const orphan = 'src/common/orphan.ts';
  const targets: [file: string, imports: string][] = [
    ['src/tasks/hen.ts', './egg.js'],
    ['test/inside.ts', 'jose'],
    ['src/unlisted/index.ts', './inside.js'],
    ['src/unlisted/inside.ts', 'jose'],
    ['src/resource/index.ts', 'jose'],
    ['src/common/index.ts', './library.js'],
    ['src/database/owner-id.ts', 'jose'],
    ['src/tracing/span-exporter.ts', 'jose'],
    ['src/mcp/mcp-server.ts', 'jose'],
  ];
  const allowed: [file: string, imports: string][] = [
    ['src/main.ts', './app.module.js'],
    ['src/app.setup.ts', './tasks/index.js'],
    ['src/tasks/tasks.controller.ts', '../auth/index.js'],
    ['src/tasks/task.entity.ts', '@mikro-orm/core'],
    ['src/idempotency/planted.repository.ts', '@mikro-orm/core'],
    ['src/metrics/counter.ts', 'prom-client'],
    ['src/identity/index.ts', 'better-auth'],
    ['src/tracing/export.ts', '@opentelemetry/api'],
    ['src/auth/index.ts', './inside.js'],
    ['src/auth/inside.ts', 'passport-jwt'],
    ['src/tasks/index.ts', './inside.js'],
    ['src/tasks/inside.ts', '../common/index.js'],
    ['src/database/index.ts', 'pg'],
    ['src/embedded-postgres/start.ts', 'node:child_process'],
    ['src/common/library.spec.ts', 'prettier'],
    ['src/tasks/supported.spec.ts', '../../test/inside.js'],
    ['src/common/library.ts', 'jose'],
  ];
  /** Rules that let types pass. */
  const typesPass = new Set(['opentelemetry-on-demand', 'mcp-sdk-on-demand']);
  const broken = new Map<string, string[]>();
  let exitCode: number | null;

  beforeAll(() => {
    // Every second import is type-only: it couples modules all the same.
    const unplanted = [...targets, ...allowed].map((source) => ['', ...source] as const);
    const sources = [...planted, ...unplanted].map(([rule, file, imports], n): [string, string] => [
      file,
      `import ${n % 2 && !typesPass.has(rule) ? 'type ' : ''}* as x from '${imports}';\nexport { x };\n`,
    ]);
    const cwd = copyWith([...sources, [orphan, 'export {};\n']]);
    undeclare(cwd, 'rxjs');
    const { status, stdout } = run('depcruise', ['src'], { cwd });
    exitCode = status;
    for (const [, rule = '', file = ''] of stdout.matchAll(/^ *error ([^:]+): (\S+)/gm)) {
      broken.set(file, [...(broken.get(file) ?? []), rule]);
    }
  });

  test.each(planted)('%s: %s may not import %s', (rule, file) => {
    expect(broken.get(file)).toEqual([rule]);
  });

  test('no-orphans: a file may not stand alone', () => {
    expect(broken.get(orphan)).toEqual(['no-orphans']);
  });

  test('a broken rule fails the command', () => {
    expect(exitCode).toBeGreaterThan(0);
  });

  test.each(allowed)('%s may import %s', (file) => {
    expect(broken.get(file)).toBeUndefined();
  });

  test('each rule is broken by a case above', () => {
    const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    const covered = new Set(['no-orphans', ...planted.map(([rule]) => rule)]);
    expect(new Set(config.forbidden.map(({ name }) => name))).toEqual(covered);
  });

  test('this tree keeps them all', () => {
    expect(run('depcruise', ['src'])).toMatchObject({ status: 0 });
  });
});

describe('lint', () => {
  const lines = (count: number, line: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => line(n)).join('\n');
  const calls = lines(41, (n) => `  call(${n});`);
  const jest = (names: string) => `import { ${names} } from '@jest/globals';\n`;

  const planted: [rule: string, file: string, source: string][] = [
    [
      'no-restricted-syntax',
      'src/tasks/planted.controller.ts',
      "import type { TaskDto } from './task.dto.js';\nexport const create = (dto: TaskDto) => dto;",
    ],
    [
      'no-restricted-syntax',
      'src/tasks/query.controller.ts',
      "import type { TasksQuery } from './task.dto.js';\nexport const list = (query: TasksQuery) => query;",
    ],
    [
      'no-restricted-syntax',
      'src/tasks/inline.controller.ts',
      "import { type TaskDto } from './task.dto.js';\nexport const create = (dto: TaskDto) => dto;",
    ],
    ['no-restricted-properties', 'src/tasks/env.ts', "export const port = process.env['PORT'];"],
    ['no-restricted-properties', 'src/tasks/env-part.ts', 'export const { env } = process;'],
    ['no-restricted-imports', 'src/tasks/env-import.ts', "export { env } from 'node:process';"],
    ['no-console', 'src/tasks/console.ts', "console.log('hello');"],
    ['eqeqeq', 'src/tasks/loose.ts', 'export const isOne = (x: unknown) => x == 1;'],
    ['no-eval', 'src/tasks/eval.ts', "export const result = eval('1') as unknown;"],
    [
      '@typescript-eslint/no-implied-eval',
      'src/tasks/function.ts',
      "export const make = () => new Function('return 1') as () => number;",
    ],
    [
      '@typescript-eslint/no-implied-eval',
      'src/tasks/implied.ts',
      "export const later = () => setTimeout('x()', 1);",
    ],
    [
      'no-restricted-properties',
      'src/tasks/random.ts',
      'export const token = () => Math.random().toString(36);',
    ],
    [
      'no-restricted-syntax',
      'src/tasks/hash.ts',
      "import { createHash } from 'node:crypto';\nexport const digest = () => createHash('md5');",
    ],
    [
      'no-restricted-syntax',
      'src/tasks/hash.controller.ts',
      "import { createHmac } from 'node:crypto';\nexport const mac = (name: string) => createHmac(name, 'x');",
    ],
    [
      'no-restricted-syntax',
      'src/tasks/owner.ts',
      'type OwnerId = string & { readonly owner: true };\nexport const make = (x: string) => x as OwnerId;',
    ],
    ['max-lines', 'src/tasks/long.ts', lines(251, (n) => `export const line${n} = ${n};`)],
    [
      'max-lines-per-function',
      'src/tasks/long-function.ts',
      `export function long(call: (n: number) => void) {\n${calls}\n}`,
    ],
    ['@typescript-eslint/no-explicit-any', 'src/tasks/any.ts', 'export type Anything = any;'],
    [
      '@typescript-eslint/no-non-null-assertion',
      'src/tasks/bang.ts',
      'export const first = (xs: string[]) => xs[0]!;',
    ],
    ['@typescript-eslint/no-floating-promises', 'src/tasks/floating.ts', 'Promise.resolve(1);'],
    [
      '@typescript-eslint/no-extraneous-class',
      'src/tasks/class.ts',
      'export class Bag {\n  static x = 1;\n}',
    ],
    [
      'jest/no-focused-tests',
      'test/only.e2e-spec.ts',
      `${jest('expect, test')}test.only('a', () => {\n  expect(1).toBe(1);\n});`,
    ],
    [
      'jest/no-disabled-tests',
      'test/skip.e2e-spec.ts',
      `${jest('expect, test')}test.skip('a', () => {\n  expect(1).toBe(1);\n});`,
    ],
    [
      'no-restricted-imports',
      'test/start.e2e-spec.ts',
      `import { Program } from './support/program.js';\n` +
        `${jest('expect, test')}test('a', () => {\n  expect(Program).toBeDefined();\n});`,
    ],
    ['jest/expect-expect', 'src/tasks/idle.spec.ts', `${jest('test')}test('a', () => undefined);`],
    [
      'jest/valid-title',
      'src/tasks/title.spec.ts',
      `${jest('expect, test')}test('', () => {\n  expect(1).toBe(1);\n});`,
    ],
  ];
  const allowed: [file: string, source: string][] = [
    [
      'src/tasks/task.dto.ts',
      "export class TaskDto {\n  title = '';\n}\nexport class TasksQuery {\n  q = '';\n}",
    ],
    [
      'src/tasks/good.controller.ts',
      "import { TaskDto } from './task.dto.js';\nexport const create = (dto: TaskDto) => dto;",
    ],
    ['src/config/env.ts', "export const port = process.env['PORT'];"],
    [
      'src/tasks/digest.ts',
      "import { createHash } from 'node:crypto';\nexport const digest = () => createHash('sha256');",
    ],
    ['test/environment.ts', "export const url = process.env['DATABASE_URL'];"],
    [
      'src/tasks/tasks.module.ts',
      "import { Module } from '@nestjs/common';\n@Module({})\nexport class TasksModule {}",
    ],
    [
      'test/good.e2e-spec.ts',
      `${jest('describe, test')}import { expectTask } from './expect-task.js';\n` +
        `describe('a', () => {\n${lines(41, (n) => `  test('${n}', () => {\n    expectTask();\n  });`)}\n});`,
    ],
    [
      'test/start.process-spec.ts',
      `import { Program } from './support/program.js';\n` +
        `${jest('expect, test')}test('a', () => {\n  expect(Program).toBeDefined();\n});`,
    ],
    [
      'test/expect-task.ts',
      `${jest('expect')}export const expectTask = () => {\n  expect(1).toBe(1);\n};`,
    ],
  ];
  const found = new Map<string, (string | null)[]>();
  let exitCode: number | null;

  beforeAll(() => {
    const cwd = copyWith([...planted.map(([, ...source]) => source), ...allowed]);
    const args = ['--max-warnings', '0', '--format', 'json', 'src', 'test'];
    const { status, stdout } = run('eslint', args, { cwd });
    exitCode = status;
    const results = JSON.parse(stdout) as {
      filePath: string;
      messages: { ruleId: string | null }[];
    }[];
    for (const { filePath, messages } of results) {
      const file = relative(cwd, filePath).replaceAll('\\', '/');
      const rules = messages.map(({ ruleId }) => ruleId);
      found.set(file, rules);
    }
  });

  test.each(planted)('%s refuses %s', (rule, file) => {
    expect(found.get(file)).toEqual([rule]);
  });

  test.each(allowed)('%s passes', (file) => {
    expect(found.get(file)).toEqual([]);
  });

  test('a broken rule fails the command', () => {
    expect(exitCode).toBe(1);
  });
});

test('format: prettier refuses double quotes', () => {
  const cwd = copyWith([
    ['bad.ts', 'export const a = "b";\n'],
    ['good.ts', "export const a = 'b';\n"],
  ]);
  expect(run('prettier', ['--check', 'good.ts'], { cwd })).toMatchObject({ status: 0 });
  expect(run('prettier', ['--check', 'bad.ts'], { cwd })).toMatchObject({ status: 1 });
});

test('types: tsc refuses a string for a number', () => {
  const cwd = copyWith([['src/planted.ts', "export const port: number = 'http';\n"]]);
  const { status, stdout } = run('tsc', ['-p', 'tsconfig.json'], { cwd });
  expect(status).not.toBe(0);
  expect(stdout).toMatch(/^src\/planted\.ts\(1,14\): error TS2322/);
});

test('dead code: knip names an unused file, export and dependency', () => {
  const cwd = copyWith([
    ['src/main.ts', "import { used } from './library.js';\nused();\n"],
    ['src/library.ts', 'export const used = () => 1;\nexport const unused = 2;\n'],
    ['src/forgotten.ts', 'export const forgotten = 3;\n'],
  ]);
  const { status, stdout } = run('knip', ['--no-config-hints'], { cwd });
  expect(status).toBe(1);
  expect(stdout).toMatch(/Unused files .*\n(.*\n)*src\/forgotten\.ts/);
  expect(stdout).toMatch(/Unused exports .*\nunused .*library\.ts/);
  expect(stdout).toMatch(/Unused dependencies .*\n(.*\n)*rxjs /);
  expect(stdout).not.toMatch(/^used /m);
});

describe('openapi.json: the lint', () => {
  const description = () =>
    JSON.parse(readFileSync(join(ROOT, 'openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, { responses: unknown; operationId: string }>>;
      components: { schemas: Record<string, { description?: string; properties?: object }> };
    };
  const lint = (document: object) => {
    const cwd = copyWith([['openapi.json', JSON.stringify(document)]]);
    const script = join(ROOT, 'scripts/lint-openapi.ts');
    return spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' });
  };
  const withSchema = (name: string, schema: object) => {
    const document = description();
    document.components.schemas[name] = { description: 'x', ...schema };
    return document;
  };
  const withProperties = (properties: object) => {
    const { Task } = description().components.schemas;
    return withSchema('Task', { ...Task, properties: { ...Task?.properties, ...properties } });
  };
  const STRING = { type: 'string' };

  test('takes what is committed', () => {
    expect(lint(description())).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  describe('refuses in one document', () => {
    let result: { status: number | null; stderr: string };

    beforeAll(() => {
      const document = withProperties({
        plain: { type: 'null' },
        listed: { type: ['null'] },
        alternative: { anyOf: [{ type: 'null' }] },
      });
      const names = ['TASK', 'Priority', 'CreateTaskResponse', 'ListTasksParams', 'Error'];
      const schemas = names.map((name) => [name, { description: 'x', ...STRING }]);
      Object.assign(document.components.schemas, Object.fromEntries(schemas));
      result = lint(document);
    });

    test.each([
      { name: 'a property that is null alone', problem: /plain.*: null is no type/ },
      { name: 'the same in a list', problem: /listed.*: null is no type/ },
      { name: 'null as the only alternative', problem: /alternative.*: null is no type/ },
      { name: 'a schema called TASK', problem: /Task and TASK are one name/ },
      {
        name: 'a schema called Priority',
        problem: /Priority: clashes with the enum's value "-?priority"/,
      },
      {
        name: 'a schema called CreateTaskResponse',
        problem: /clashes with Response of createTask/,
      },
      { name: 'a schema called ListTasksParams', problem: /clashes with Params of listTasks/ },
      { name: 'a schema called Error', problem: /clashes with Error of a client's runtime/ },
    ])('$name', ({ problem }) => {
      expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(problem)]);
    });
  });

  test('refuses two properties of one name', () => {
    const { status, stderr } = lint(withSchema('Task', { properties: { due: {}, Due: {} } }));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/Task: due and Due are one name/)]);
  });

  test('refuses an example that its schema does not allow', () => {
    const { status, stderr } = lint(withProperties({ planted: { type: 'string', example: 1 } }));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/no-invalid-schema-examples/)]);
  });

  test('refuses a reference to nothing', () => {
    const { status, stderr } = lint(
      withProperties({ planted: { $ref: '#/components/schemas/Nothing' } }),
    );
    expect([status, stderr]).toEqual([1, expect.stringMatching(/no-unresolved-refs/)]);
  });
});

describe('comments', () => {
  const script = join(ROOT, 'scripts/check-comments.ts');
  const check = (files: [path: string, source: string][]) => {
    const cwd = copyWith([['openapi.json', '{}'], ...files]);
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' });
    return { status, stderr };
  };
  const opening = (word: string) => `/** ${word} is returned. */\nexport const x = 1;\n`;

  test('accepts a verb and a noun', () => {
    const files: [path: string, source: string][] = [
      ['src/a.ts', '/** Returns one. */\nexport const one = () => 1;\n'],
      ['bench/b.mjs', opening('The one')],
    ];
    expect(check(files)).toEqual({ status: 0, stderr: '' });
  });

  test('refuses and counts odd openings, in JavaScript too', () => {
    const { status, stderr } = check([
      ['src/a.ts', opening('Returns one and')],
      ['src/b.ts', opening('What')],
      ['bench/c.mjs', opening('Who')],
    ]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('2 of 3 comments')]);
  });

  describe('of many in one run,', () => {
    const words = ['What', 'Who', 'Whose', 'Whoever', 'Whom', 'Of', 'So many', 'To', 'Has'];
    const fileOf = (word: string) => `${word.replace(' ', '-')}.ts`;
    let result: { status: number | null; stderr: string };

    beforeAll(() => {
      const continued = (word: string) =>
        `\n// ${word} is continued\n// here.\nexport const x = 1;\n`;
      result = check(
        words.flatMap((word): [path: string, source: string][] => [
          [`src/${fileOf(word)}`, opening(word)],
          [`bench/${fileOf(word)}`, continued(word)],
        ]),
      );
    });

    test('refuses the whole', () => {
      expect(result.status).toBe(1);
      expect(result.stderr).toContain('18 of 18 comments');
    });

    test.each(words)('names both that open with "%s", with file and line', (word) => {
      expect(result.stderr).toContain(`src/${fileOf(word)}:1: ${word} is returned.`);
      expect(result.stderr).toContain(`bench/${fileOf(word)}:2: ${word} is continued`);
    });
  });

  describe('of texts that users read', () => {
    let result: { status: number | null; stderr: string };

    beforeAll(() => {
      const description = {
        info: { description: 'Whom it is for.' },
        example: { title: 'Of no use' },
      };
      result = check([
        ['openapi.json', JSON.stringify(description)],
        ['README.md', '# A\n\nWhat is left.\n'],
        ['docs/a.md', 'x\n- Whoever asks.\n'],
        ['docs/b.md', '| a | Who asks |\n'],
      ]);
    });

    test('refuses one alone', () => {
      expect(check([['docs/a.md', 'Whoever asks.\n']])).toMatchObject({ status: 1 });
    });

    test.each([
      { name: 'an OpenAPI description', place: 'openapi.json#/info/description: Whom' },
      { name: 'the title of an error', place: 'openapi.json#/example/title: Of' },
      { name: 'a paragraph', place: 'README.md:3: What' },
      { name: 'a list item', place: 'docs/a.md:2: Whoever' },
      { name: 'a table cell', place: 'docs/b.md:1: Who' },
    ])('refuses $name', ({ place }) => {
      expect(result).toEqual({ status: 1, stderr: expect.stringContaining(place) });
    });
  });

  test('accepts questions, instructions and code in pages', () => {
    const page = 'What is it? A page.\n\nTo start it:\n\n```sh\nWho\n```\n\n# What it does\n';
    expect(check([['README.md', page]])).toEqual({ status: 0, stderr: '' });
  });
});

describe('docs/sql', () => {
  const check = (files: [path: string, source: string][]) => {
    const copy = copyWith(files);
    for (const path of ['scripts/sql.ts', 'scripts/owned-methods.ts', 'docs/sql']) {
      cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(ROOT, 'dist'), join(copy, 'dist'));
    const args = ['scripts/sql.ts', '--check'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
    return { status, stderr };
  };

  test('is up to date', () => {
    expect(check([])).toEqual({ status: 0, stderr: '' });
  });

  test('lacks public methods of any repository that scripts/sql.ts does not call', () => {
    const source = `
      export class ParentRepository extends ScopedRepository { find(ownerId) {} }
      export class PlantedRepository extends ParentRepository {
        planted(ownerId) {}
        limit(quota) {}
        protected hidden(ownerId) {}
        #hidden(ownerId) {}
      }
      export class OtherRepository { purge(ownerId) {} }`;
    expect(check([['src/planted/planted.repository.ts', source]])).toEqual({
      status: 1,
      stderr:
        'docs/sql lacks ParentRepository.find, PlantedRepository.planted: call it in scripts/sql.ts.\n',
    });
  });
});

test.each([
  { input: 'added things', rule: 'type-empty' },
  { input: 'feature: add things', rule: 'type-enum' },
  { input: `feat: ${'x'.repeat(100)}`, rule: 'header-max-length' },
])('commit messages: commitlint refuses "$input"', ({ input, rule }) => {
  const { status, stdout } = run('commitlint', [], { input });
  expect(status).toBe(1);
  expect(stdout).toContain(`[${rule}]`);
});

test('commit messages: commitlint takes a subject that begins with a name', () => {
  expect(run('commitlint', [], { input: 'build: PostgreSQL 18' })).toMatchObject({ status: 0 });
});

function undeclare(copy: string, dependency: string) {
  const path = join(copy, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies).filter(([name]) => name !== dependency),
  );
  writeFileSync(path, JSON.stringify({ ...manifest, dependencies }));
}
