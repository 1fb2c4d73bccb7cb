import type { OpenAPIObject, RequestBodyObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Closes each schema that a value refers to, recursively. */
function close(value: unknown, schemas: Schemas, closed: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || closed.has(value)) return;
  closed.add(value);
  for (const inner of Object.values(value)) close(inner, schemas, closed);
  const { $ref } = value as { $ref?: unknown };
  if (typeof $ref !== 'string') return;
  const schema = schemas[$ref.split('/').at(-1) ?? ''];
  if (schema === undefined) return;
  if ('properties' in schema) schema.additionalProperties = false;
  close(schema, schemas, closed);
}

/** Disallows additional properties in every request body, as the validation pipe does. */
export function closeBodies(document: OpenAPIObject): OpenAPIObject {
  const closed = new Set<unknown>();
  for (const [, { requestBody }] of operationsOf(document)) {
    const body = requestBody as RequestBodyObject | undefined;
    close(body?.content, document.components?.schemas ?? {}, closed);
  }
  return document;
}
