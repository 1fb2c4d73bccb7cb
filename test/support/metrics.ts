/** A value of the text format, with its labels. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of the text format. The samples of a histogram have its name and a suffix. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const SAMPLE = /^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/i;

function parseSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  const pairs = Array.from(labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, label, text]) => [
    label,
    text,
  ]);
  return {
    name,
    labels: Object.fromEntries(pairs) as Record<string, string>,
    value: Number(value),
  };
}

/**
 * Parses Prometheus's text format.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseMetrics(text: string): Metric[] {
  return text.split(/^# HELP /m).flatMap((block) => {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/m.exec(block) ?? [];
    if (name === undefined || type === undefined) return [];
    const lines = block.split('\n').filter((line) => SAMPLE.test(line));
    return [{ name, type, samples: lines.map(parseSample) }];
  });
}

/** Returns the metrics of an app on this machine. */
export async function readMetrics(url: string): Promise<Metric[]> {
  const response = await fetch(`${url}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics: ${String(response.status)}`);
  return parseMetrics(await response.text());
}

const valuesOf = (metrics: readonly Metric[]) =>
  new Map(
    metrics
      .flatMap(({ samples }) => samples)
      .map(
        ({ name, labels, value }) => [[name, ...Object.values(labels)].join(' '), value] as const,
      ),
  );

/**
 * Returns by how much each of Taskward's own counters has grown while `work` was done; keyed by the
 * name and the values of the labels, separated by blanks. Those that have not are left out.
 */
export async function increases(
  url: string,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const before = valuesOf(await readMetrics(url));
  await work();
  const grown = [...valuesOf(await readMetrics(url))]
    .map(([key, value]) => [key, value - (before.get(key) ?? 0)] as const)
    .filter(([key, growth]) => /^taskward_\w+_total\b/.test(key) && growth !== 0);
  return Object.fromEntries(grown);
}

/** Returns the value of a counter, by its name and the values of its labels. */
export async function countOf({ url }: { readonly url: string }, key: string): Promise<number> {
  return valuesOf(await readMetrics(url)).get(key) ?? NaN;
}
