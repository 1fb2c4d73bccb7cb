import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A query of the dashboard or of an alert. */
export interface Query {
  readonly title: string;
  readonly expression: string;
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[];
}

interface Dashboard {
  readonly templating: { readonly list: readonly { query: string | { query: string } }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

export const ALERTS = 'deploy/prometheus/alerts.yaml';
const DASHBOARD = 'deploy/grafana/dashboard.json';

/** Returns the queries of all alerts. */
export const alertQueries = (): Query[] =>
  (parse(readFileSync(ALERTS, 'utf8')) as Rules).groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr }) => ({ title: alert, expression: expr })),
  );

const dashboard = () => JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;

/** Returns the queries of all panels, with values for the variables of Grafana. */
export const panelQueries = (): Query[] =>
  dashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      title,
      expression: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
    })),
  );

/** Returns the metric and the label whose values a variable of the dashboard has. */
export const variableQueries = (): { metric: string; label: string }[] =>
  dashboard().templating.list.flatMap(({ query }) => {
    const text = typeof query === 'string' ? query : query.query;
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(text) ?? [];
    return metric === undefined || label === undefined ? [] : [{ metric, label }];
  });

/** Words of PromQL that stand alone, where a metric could. */
const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'on',
  'ignoring',
  'by',
  'without',
  'bool',
  'offset',
]);

/** Returns the metrics that a query selects, each with the labels and values that it matches. */
export function selectorsIn(
  expression: string,
): { metric: string; labels: Map<string, string[]> }[] {
  // Ranges, lists of labels, and the labels that they are about.
  const plain = expression.replaceAll(/\[[^\]]*\]/g, '');
  const withoutLists = plain.replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, '');
  const found = withoutLists.matchAll(/([a-z_]\w*)(?:\{([^}]*)\})?(?!\w*\s*\()/gi);
  return Array.from(found, ([, metric = '', matchers = '']) => ({ metric, matchers }))
    .filter(({ metric }) => !KEYWORDS.has(metric))
    .map(({ metric, matchers }) => {
      const labels = new Map<string, string[]>();
      for (const [, label = '', operator, value = ''] of matchers.matchAll(
        /(\w+)\s*(=~|!=|!~|=)\s*"([^"]*)"/g,
      )) {
        labels.set(label, operator === '=' || operator === '!=' ? [value] : []);
      }
      return { metric, labels };
    });
}

/** Returns the labels by which a query groups its result. */
export const groupingLabelsIn = (expression: string): string[] =>
  Array.from(expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g), ([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  ).flat();
