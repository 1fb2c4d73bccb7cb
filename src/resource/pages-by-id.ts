/** Precedes every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Pages<Row> {
  readonly limit: number;
  readonly read: (afterId: string) => Promise<Row[]>;
  readonly idOf: (row: Row) => string;
}

/**
 * Reads rows page by page in the order of their ids, each page when the previous one has been taken. The
 * first page may be empty.
 */
export async function* pagesById<Row>({
  limit,
  read,
  idOf,
}: Pages<Row>): AsyncGenerator<Row[], void> {
  for (let afterId = FIRST_ID; ;) {
    const rows = await read(afterId);
    yield rows;
    const last = rows.at(-1);
    if (rows.length < limit || last === undefined) return;
    afterId = idOf(last);
  }
}
