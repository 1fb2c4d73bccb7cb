import { readFileSync } from 'node:fs';
import { createConfig, formatProblems, getTotals, lint } from '@redocly/openapi-core';
import { problemsOfNames } from './openapi-names.ts';

/** Lints the committed OpenAPI document, or the file given as an argument. */
const file = process.argv[2] ?? 'openapi.json';
const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    'no-invalid-parameter-examples': 'error',
    'no-invalid-schema-examples': 'error',
    'operation-operationId': 'error',
    'tag-description': 'error',
    // The committed document contains the default origin.
    'no-server-example.com': 'off',
    // A link in a mail only redirects.
    'operation-2xx-response': 'off',
  },
});

const problems = await lint({ ref: file, config });
const totals = getTotals(problems);
formatProblems(problems, { format: 'codeframe', totals, version: '' });

const names = problemsOfNames(JSON.parse(readFileSync(file, 'utf8')) as object);
for (const problem of names) process.stderr.write(`${file} ${problem}\n`);
if (totals.errors + totals.warnings + names.length > 0) process.exitCode = 1;
