import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { readMetrics } from '../support/metrics.js';
import {
  alertQueries,
  groupingLabelsIn,
  panelQueries,
  selectorsIn,
  variableQueries,
} from '../support/queries.js';

/** Labels that Prometheus adds to all series of a target. */
const OF_TARGETS = ['job', 'instance'];
/** Labels whose values are many: routes are compared with those of the server. */
const UNLISTED = ['status', 'method', 'route', 'le'];

const queries = [...alertQueries(), ...panelQueries()];
const app = useApp();
/** The values of each label of each metric; those of a histogram by the names of its series. */
const served = new Map<string, Map<string, Set<string>>>();

beforeAll(async () => {
  await send(`${app.url}/health/live`);
  served.set('up', new Map());
  for (const { name, samples } of await readMetrics(app.url)) {
    served.set(name, served.get(name) ?? new Map<string, Set<string>>());
    for (const { name: series, labels } of samples) {
      const known = served.get(series) ?? new Map<string, Set<string>>();
      served.set(series, known);
      for (const [label, value] of Object.entries(labels)) {
        known.set(label, (known.get(label) ?? new Set()).add(value));
      }
    }
  }
});

describe('a query', () => {
  it('is in each panel and each alert', () => {
    expect(alertQueries().length).toBeGreaterThan(5);
    expect(panelQueries().length).toBeGreaterThan(15);
  });

  it.each(queries)('names metrics, labels and values that exist: $title', ({ expression }) => {
    const selectors = selectorsIn(expression);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, labels } of selectors) {
      expect([...served.keys()]).toContain(metric);
      const known = served.get(metric) ?? new Map<string, Set<string>>();
      for (const [label, values] of labels) {
        expect([...OF_TARGETS, ...known.keys()]).toContain(label);
        const listed = [...OF_TARGETS, ...UNLISTED].includes(label) ? values : known.get(label);
        expect([...(listed ?? [])]).toEqual(expect.arrayContaining(values));
      }
      const grouping = groupingLabelsIn(expression);
      expect([...OF_TARGETS, ...known.keys()]).toEqual(expect.arrayContaining(grouping));
    }
  });

  it('of each alert has a case in which it fires', () => {
    const cases = readFileSync('deploy/prometheus/alerts.test.yaml', 'utf8');
    const fired = Array.from(cases.matchAll(/alertname="(\w+)"/g), ([, alert]) => alert);
    expect(fired).toEqual(alertQueries().map(({ title }) => title));
  });

  it('of a variable names a metric, and a label of Prometheus', () => {
    expect(variableQueries().length).toBeGreaterThan(0);
    for (const { metric, label } of variableQueries()) {
      expect([...served.keys()]).toContain(metric);
      expect(OF_TARGETS).toContain(label);
    }
  });

  it.each([
    { expression: 'sum(rate(nonsense_total[5m])) by (route)', metrics: ['nonsense_total'] },
    { expression: 'a{x="1"} / on (job) b unless c > 0', metrics: ['a', 'b', 'c'] },
    {
      expression: 'topk(3, histogram_quantile(0.9, sum by (le) (rate(d_bucket[1h]))))',
      metrics: ['d_bucket'],
    },
  ])('is read as it is: $expression', ({ expression, metrics }) => {
    expect(selectorsIn(expression).map(({ metric }) => metric)).toEqual(metrics);
  });
});
