import { Readable } from 'node:stream';

async function* withFirst(
  first: string,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  yield first;
  yield* rest;
}

/**
 * Returns a stream of texts whose first one has been read: until then an error is still a problem, and not
 * a connection that ends early. Each other text is read when the previous one has been handed on.
 */
export async function startedStream(texts: AsyncGenerator<string, void>): Promise<Readable> {
  const { value: first } = await texts.next();
  return Readable.from(withFirst(first ?? '', texts), { highWaterMark: 1 });
}
