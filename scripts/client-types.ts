import { readFileSync, writeFileSync } from 'node:fs';
import openapiTypeScript, { astToString, type OpenAPI3 } from 'openapi-typescript';

/**
 * Writes the types of `@taskward/client` from `openapi.json`, or with `--check` exits with 1 if the
 * committed file is stale. The types contain successful responses alone: the client throws errors.
 */
const FILE = 'clients/typescript/src/schema.ts';
const HEAD = '/* Generated from openapi.json by "npm run openapi". */\n\n';

interface Operation {
  responses?: Record<string, { headers?: unknown; content?: Record<string, object> }>;
}

const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as OpenAPI3 & {
  paths: Record<string, Record<string, Operation>>;
};
const codes = new Set<string>();
for (const { responses = {} } of Object.values(document.paths).flatMap((item) =>
  Object.values(item),
)) {
  for (const [status, { content = {} }] of Object.entries(responses)) {
    if (/^[23]/.test(status)) {
      delete responses[status]?.headers;
      continue;
    }
    const { examples = {} } = (content['application/problem+json'] ?? {}) as { examples?: object };
    for (const code of Object.keys(examples)) codes.add(code);
    // Reflect: the statuses of a document are not known to the compiler.
    Reflect.deleteProperty(responses, status);
  }
}

const types = astToString(await openapiTypeScript(document));
const union = [...codes].sort().map((code) => `  | '${code}'`);
const text = `${HEAD}${types}\n/** Known codes of problems. */\nexport type ProblemCode =\n${union.join('\n')};\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write(`${FILE} is stale: run "npm run openapi" and commit it.\n`);
  process.exitCode = 1;
}
