import jest from 'eslint-plugin-jest';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** `import type` erases the class that Nest's validation pipe looks for: the body goes unchecked. */
const typeOnlyDto = {
  selector:
    ":matches(ImportDeclaration[importKind='type'] > ImportSpecifier, ImportSpecifier[importKind='type'])[imported.name=/(Dto|[a-z]Query)$/]",
  message:
    'Import DTO and query classes as values: a type-only import switches their validation off.',
};

/** MD5 and SHA-1 among them: only the hashes of SHA-2 are used, by name. */
const weakHash = {
  selector:
    'CallExpression[callee.name=/^create(Hash|Hmac)$/]:not([arguments.0.value=/^sha(256|384|512)$/])',
  message: 'Use sha256, sha384 or sha512, named in the call.',
};

/** A verified subject is an owner; whoever else makes one could make anybody. */
const madeOwner = {
  selector: "TSAsExpression[typeAnnotation.typeName.name='OwnerId']",
  message: 'Only src/auth/owner.ts makes an owner, of the subject of a verified token.',
};

/** Texts of users are rendered as text, by React, and in no other way. */
const rawHtml = {
  selector:
    ":matches(JSXAttribute[name.name='dangerouslySetInnerHTML'], MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/])",
  message: 'Render text as text.',
};

const readEnv = 'Only src/config reads the environment; inject the Env class instead.';

export default defineConfig(
  globalIgnores([
    ...['**/dist/', 'coverage/', '.data/', 'openapi.json', 'web/screenshots/'],
    ...['clients/*/', '!clients/typescript/', 'clients/typescript/src/schema.ts'],
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    // Not `consistent-type-imports`: a class that Nest injects has to be imported as a value,
    // and the compiler's `verbatimModuleSyntax` already asks for `import type` where it is safe.
    rules: {
      // A Nest module is an empty class under a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest reads what to inject from a class's own constructor, though it only calls super().
      '@typescript-eslint/no-useless-constructor': 'off',
      // An abstract class is Nest's token for an interface; a factory answers with any object.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Passport hands the guard an unknown error to throw on.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // As the compiler: an underscore marks what the syntax demands and nobody needs.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_$' },
      ],
    },
  },

  {
    files: ['{src,bench,web/src,clients/typescript/src}/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'no-eval': 'error',
      'max-lines': ['error', { max: 250, skipComments: true, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/env.ts', 'src/config/read-env.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: readEnv },
        { object: 'Math', property: 'random', message: 'Not a secret? Say so. Else: node:crypto.' },
      ],
      'no-restricted-syntax': ['error', weakHash, madeOwner],
      'no-restricted-imports': [
        'error',
        ...['process', 'node:process'].map((name) => ({
          name,
          importNames: ['env'],
          message: readEnv,
        })),
      ],
    },
  },
  {
    files: ['src/auth/owner.ts'],
    rules: { 'no-restricted-syntax': ['error', weakHash] },
  },
  {
    files: ['src/**/*.controller.ts'],
    rules: { 'no-restricted-syntax': ['error', weakHash, madeOwner, typeOnlyDto] },
  },

  {
    files: ['web/src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    rules: {
      // TanStack Router's redirect() is thrown, and is not an Error.
      '@typescript-eslint/only-throw-error': 'off',
      'no-restricted-syntax': ['error', rawHtml],
    },
  },
  {
    // A component is as long as the markup that it returns.
    files: ['web/src/**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
    },
  },

  {
    files: ['{src,web/src}/**/*.spec.ts', 'test/**/*.ts', 'clients/*.ts', 'web/test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', '**.expect*'] }],
      'jest/no-disabled-tests': 'error',
      'jest/no-focused-tests': 'error',
      'jest/valid-title': 'error',
      // Jest's own rule knows that `expect(service.method)` does not call the method.
      '@typescript-eslint/unbound-method': 'off',
      'jest/unbound-method': 'error',
      // A describe() holds a whole suite in one function.
      'max-lines-per-function': 'off',
    },
  },

  {
    files: ['test/**/*.e2e-spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '/support/((traced-)?program|own-server|embedded-postgres|remote-issuer|checks|recurrence-oracles)[.]js$',
              message:
                'Name it *.process-spec.ts: it starts programs, and `npm test` leaves it out.',
            },
          ],
        },
      ],
    },
  },

  {
    // Playwright waits for what a page shows, and fails when it does not.
    files: ['web/test/**/*.ts'],
    rules: {
      'jest/expect-expect': [
        'error',
        { assertFunctionNames: ['expect', 'expect*', '**.waitFor', '**.waitForURL'] },
      ],
    },
  },

  {
    // Tests that a resource is handed to.
    files: ['test/support/*-suites.ts'],
    rules: { 'jest/no-export': 'off' },
  },

  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
  },
);
