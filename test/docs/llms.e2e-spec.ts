import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TestApp, useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { connect } from '../support/mcp.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

interface Document {
  readonly paths: Record<string, Record<string, { readonly summary: string }>>;
}

const embedded = useApp();
const minted = useApp(SECRET_MODE);

const guideOf = ({ url }: TestApp) => send<string>(`${url}/llms.txt`);

describe('GET /llms.txt', () => {
  let guide: string;
  beforeAll(async () => {
    guide = (await guideOf(minted)).body;
  });

  it('is text for everybody, which clients revalidate', async () => {
    const { status, headers } = await guideOf(minted);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const known = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await fetch(`${minted.url}/llms.txt`, { headers: known })).status).toBe(304);
  });

  it('has the form of llmstxt.org: a title, a summary, then sections', () => {
    expect(guide).toMatch(/^# Taskward\n\n> \S[^\n]+\n\n[^#]+\n\n## /);
    expect(guide.match(/^# /gm)).toHaveLength(1);
    expect(guide).not.toMatch(/undefined|\[object|\n\n\n/);
  });

  it.each([
    { mode: 'embedded', app: embedded },
    { mode: 'secret', app: minted },
  ])('has every operation of the document in mode $mode, and no other', async ({ app }) => {
    const { body } = await send<Document>(`${app.url}/openapi.json`);
    const described = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.entries(item).map(
        ([method, { summary }]) => `- \`${method.toUpperCase()} ${path}\`: ${summary}`,
      ),
    );
    const listed = (await guideOf(app)).body.match(/^- `[A-Z]+ .*$/gm) ?? [];
    expect(listed.sort()).toEqual(described.sort());
  });

  it('has every tool, and no other', async () => {
    const { client } = await connect(minted.url, await mintUser(minted.url, 'ada'));
    const { tools } = await client.listTools();
    const listed = guide.match(/^- `[a-z_]+`: .*$/gm);
    expect(listed).toEqual(tools.map(({ name, title = '' }) => `- \`${name}\`: ${title}`));
  });

  it('leads to addresses that respond', async () => {
    const origin = minted.url.replace('127.0.0.1', 'localhost');
    const links = Array.from(guide.matchAll(/\]\((http[^)]+)\)/g), ([, address = '']) => address);
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const address of links) {
      expect(address.startsWith(`${origin}/`)).toBe(true);
      const response = await fetch(address.replace(origin, minted.url));
      expect([address, response.status]).toEqual([address, 200]);
    }
    expect(guide).toContain(`POST ${origin}/mcp`);
  });

  it('describes the errors and the tokens of this installation', async () => {
    expect(guide).toContain('Every error is a problem (RFC 9457)');
    expect(guide).toContain('of `https://issuer.example`');
    expect((await guideOf(embedded)).body).toContain('from `GET /api/auth/token`');
  });
});
