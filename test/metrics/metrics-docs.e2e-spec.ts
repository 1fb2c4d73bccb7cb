import { readFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { rowsOf } from '../support/docs-tables.js';
import { type Metric, readMetrics } from '../support/metrics.js';

const app = useApp();

let page: string;
let metrics: Metric[];

const isOwn = ({ name }: Metric) => /^(?:taskward|http)_/.test(name);
const code = (cell = '') => cell.replaceAll('`', '');

/** Values that the page describes instead of listing them. */
const DESCRIBED = { route: 'described', method: 'described', status: 'described' };

/** Parses "`pool`: `api`, `identity`; `state`: `used`". */
function labelsIn(cell: string): Record<string, string[] | string> {
  const labels = cell === '' ? [] : cell.split(';');
  return Object.fromEntries(
    labels.flatMap((label) => {
      const [names = '', values] = label.split(':');
      return names
        .split(',')
        .map((name) => code(name.trim()))
        .map((name) => [
          name,
          values === undefined
            ? 'described'
            : values
                .split(',')
                .map((value) => code(value.trim()))
                .sort(),
        ]);
    }),
  );
}

function labelsOf({ samples }: Metric): Record<string, string[] | string> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of samples) {
    for (const [label, value] of Object.entries(labels)) {
      values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  values.delete('le');
  const listed = [...values].map(([label, found]) => [label, [...found].sort()]);
  const all = Object.fromEntries(listed) as Record<string, string[]>;
  return 'route' in all ? DESCRIBED : all;
}

beforeAll(async () => {
  page = await readFile('docs/metrics.md', 'utf8');
  await send(`${app.url}/health/live`);
  metrics = await readMetrics(app.url);
});

describe('docs/metrics.md', () => {
  it("has every metric of Taskward's own, with its type, labels and their values", () => {
    const described = rowsOf(page, "Taskward's own", /`/).map(([name, type, labels = '']) => ({
      name: code(name),
      type,
      labels: labelsIn(labels),
    }));
    const served = metrics
      .filter(isOwn)
      .map((metric) => ({ name: metric.name, type: metric.type, labels: labelsOf(metric) }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(served.sort(byName)).toEqual(described.sort(byName));
  });

  it("has every metric of Node's, with its type", () => {
    const described = rowsOf(page, "Node's", /`/)
      .map(([name = '', type]) => ({ name: code(name), type }))
      .filter(({ name }) => platform === 'linux' || !name.endsWith('(Linux)'))
      .map(({ name, type }) => ({ name: name.replace(' (Linux)', ''), type }));
    const served = metrics
      .filter((metric) => !isOwn(metric))
      .map(({ name, type }) => ({ name, type }));
    expect(served).toEqual(described);
  });

  it('has names and types by the conventions of Prometheus', () => {
    for (const { name, type } of metrics.filter(isOwn)) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(name).toMatch(/^[a-z]+(?:_[a-z]+)+$/);
    }
  });
});
