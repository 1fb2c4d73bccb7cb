import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  type Query,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query';

/**
 * The queries of one user. One that is invalidated during its first read is read once more: TanStack Query
 * goes on with that read, whose response may be older than the change.
 */
export class SessionQueries extends QueryClient {
  readonly #again = new Set<Query>();

  constructor() {
    // The API's client retries by itself.
    super({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } });
  }

  override async invalidateQueries<Key extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    const reading = this.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' });
    const again = reading.filter(({ state }) => state.data === undefined);
    await Promise.all([
      super.invalidateQueries(filters, options),
      ...again.map((query) => this.#readAgain(query)),
    ]);
  }

  async #readAgain(query: Query): Promise<void> {
    if (this.#again.has(query)) return;
    this.#again.add(query);
    await Promise.allSettled([query.promise]);
    this.#again.delete(query);
    await super.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }
}
