import type { Env } from './env.js';

/** Returns the problems of the address of the metrics. */
export function metricsProblems({ HOST, PORT, METRICS_HOST, METRICS_PORT }: Env): string[] {
  if (METRICS_PORT === undefined) {
    return METRICS_HOST === undefined
      ? []
      : ['METRICS_HOST is refused without METRICS_PORT: beside the API, metrics have its address'];
  }
  const isTaken = PORT !== 0 && PORT === METRICS_PORT && (METRICS_HOST ?? HOST) === HOST;
  return isTaken ? ['METRICS_PORT must not be the PORT of the API'] : [];
}
