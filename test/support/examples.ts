import { readFileSync } from 'node:fs';

interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly properties?: Record<string, Schema>;
}

interface MediaType {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value: unknown }>;
}

/** An operation of `openapi.json`, with its place there. */
export interface DocumentedOperation {
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, MediaType> };
  readonly responses: Record<string, { readonly content?: Record<string, MediaType> }>;
}

interface Document {
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

const { paths, components } = JSON.parse(
  readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
) as Document;

export const documentedOperations: readonly DocumentedOperation[] = Object.entries(paths).flatMap(
  ([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, path, method })),
);

/** Returns the value that Swagger UI makes of a schema. */
function valueOf({ $ref, example, properties }: Schema): unknown {
  const named = $ref === undefined ? undefined : components.schemas[$ref.split('/').at(-1) ?? ''];
  if (named !== undefined) return valueOf(named);
  if (example !== undefined || properties === undefined) return example;
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, valueOf(property)]),
  );
}

/** Returns the body that Swagger UI sends to an operation; undefined where it takes none. */
export function exampleOf({ requestBody }: DocumentedOperation): object | undefined {
  const [media] = Object.values(requestBody?.content ?? {});
  return media && (valueOf(media.schema) as object);
}
