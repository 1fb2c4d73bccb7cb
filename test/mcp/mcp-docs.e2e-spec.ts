import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { rowsOf } from '../support/docs-tables.js';
import { connect } from '../support/mcp.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const PAGE = readFileSync('docs/mcp.md', 'utf8');

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

describe('docs/mcp.md', () => {
  it('has every tool, with its scope and hints', async () => {
    const { client } = await connect(app.url, ada);
    const { tools } = await client.listTools();
    const expected = tools.map(({ name, annotations = {} }) => {
      const { readOnlyHint, destructiveHint, idempotentHint } = annotations;
      const hints = [
        readOnlyHint === true && 'read-only',
        destructiveHint === true && 'destructive',
        idempotentHint === true && 'idempotent',
      ];
      const scope = readOnlyHint === true ? 'tasks:read' : 'tasks:write';
      return [`\`${name}\``, `\`${scope}\``, hints.filter(Boolean).join(', ')];
    });
    const rows = rowsOf(PAGE, 'Tools', /^`/);
    expect(rows.map((row) => row.slice(0, 3))).toEqual(expected);
  });

  it('has every resource', async () => {
    const { client } = await connect(app.url, ada);
    const { resources } = await client.listResources();
    for (const { uri } of resources) expect(PAGE).toContain(`\`${uri}\``);
  });

  it('has commands that create a task and find it', async () => {
    const [, commands = ''] = /```sh\n(.*?)```/s.exec(PAGE) ?? [];
    const script = commands.replaceAll('http://localhost:3000', app.url);
    const { stdout } = await promisify(execFile)('bash', ['-euc', script], {
      env: { ...process.env, TOKEN: ada.token },
    });
    const found = [...stdout.matchAll(/"structuredContent":\{"data":\[\{[^}]*"title":"Buy milk"/g)];
    expect(found).toHaveLength(1);
  });

  it('has settings of clients that are JSON', () => {
    const settings = Array.from(PAGE.matchAll(/`(\{"(?:servers|mcpServers)".*?\})`/g));
    expect(settings).toHaveLength(2);
    for (const [, text = ''] of settings) expect(text).toContain('/mcp"');
    expect(settings.map(([, text = '']) => typeof JSON.parse(text))).toEqual(['object', 'object']);
  });
});
