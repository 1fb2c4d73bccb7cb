import { AddRouteConfig } from '../http/index.js';

/**
 * Returns how many requests a body counts as. It has not been validated yet, and may be anything.
 */
export type CostOf = (body: unknown) => number;

/** The part of a route's configuration that the rate limit reads. */
export interface ChargedConfig {
  readonly costOf?: CostOf;
  readonly isFree?: boolean;
}

/** Configuration of a route whose requests are not counted: it sends what is in memory, or a file. */
export const FREE = { isFree: true } satisfies ChargedConfig;

/**
 * Counts a handler's requests by the work that they cause.
 *
 * @example @Charge((body) => lengthOf(body))
 */
export const Charge = (costOf: CostOf) => AddRouteConfig({ costOf } satisfies ChargedConfig);
