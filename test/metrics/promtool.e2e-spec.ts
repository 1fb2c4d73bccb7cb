import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { ALERTS, panelQueries } from '../support/queries.js';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'taskward-promtool-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function promtool(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Writes rules that record the results of queries. */
function recordingRules(expressions: string[]): string {
  const rules = expressions.map((expr, n) => ({ record: `query_${String(n)}`, expr }));
  const file = join(folder, 'rules.yaml');
  writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
  return file;
}

describe('Prometheus', () => {
  it('takes the alerts', () => {
    const { status, output } = promtool(['check', 'rules', ALERTS]);
    expect([status, output]).toEqual([0, expect.stringContaining('rules found')]);
  });

  it('takes the queries of the dashboard', () => {
    const file = recordingRules(panelQueries().map(({ expression }) => expression));
    const { status, output } = promtool(['check', 'rules', file]);
    expect([status, output]).toEqual([0, expect.stringContaining('rules found')]);
  });

  it('does not take a query that is none', () => {
    expect(promtool(['check', 'rules', recordingRules(['rate(up)'])]).status).toBe(1);
  });

  it('lets each alert fire when it should, and none while all is well', () => {
    const tests = 'deploy/prometheus/alerts.test.yaml';
    const { status, output } = promtool(['test', 'rules', tests]);
    expect([status, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it("has no objection to the names of Taskward's metrics", async () => {
    const { body } = await send<string>(`${app.url}/metrics`);
    const own = body.split('\n\n').filter((metric) => /^# HELP (?:http|taskward)_/.test(metric));
    expect(own.length).toBeGreaterThan(10);
    expect(promtool(['check', 'metrics'], `${own.join('\n')}\n`)).toEqual({
      status: 0,
      output: '',
    });
    expect(promtool(['check', 'metrics'], '# TYPE a counter\na 1\n').status).toBe(3);
  });
});
