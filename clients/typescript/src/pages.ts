import type { paths } from './schema.js';

/** A page of a list, with the cursor of the next one. */
interface Page {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

interface PagedOperation {
  readonly parameters: { readonly path?: never };
  readonly responses: { readonly 200: { readonly content: { readonly 'application/json': Page } } };
}

/** Path of a list that is read page by page. */
export type PagedPath = {
  [Path in keyof paths]: paths[Path]['get'] extends PagedOperation ? Path : never;
}[keyof paths];

type OperationOf<Path extends PagedPath> = paths[Path]['get'];

/** Filters, sort and page size of a list. */
export type QueryOf<Path extends PagedPath> = OperationOf<Path>['parameters']['query'];

export type PageOf<Path extends PagedPath> =
  OperationOf<Path>['responses'][200]['content']['application/json'];

/** A GET of any path, which rejects for an error status. */
export type Get = (path: string, init: object) => Promise<{ readonly data?: unknown }>;

/** Reads a list page by page. */
export async function* readPages<Path extends PagedPath>(
  get: Get,
  path: Path,
  query?: QueryOf<Path>,
  init: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<PageOf<Path>, void, undefined> {
  let cursor: string | null | undefined = query?.cursor;
  do {
    const params = { query: { ...query, ...(cursor && { cursor }) } };
    const { data } = await get(path, { ...init, params });
    const page = data as PageOf<Path>;
    yield page;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
