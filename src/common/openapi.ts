import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Method = (typeof METHODS)[number];

/** Every operation of a document, with its path and method. */
export function operationsOf(
  document: OpenAPIObject,
): [path: string, operation: Operation, method: Method][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): [string, Operation, Method][] => {
      const operation = item[method];
      return operation ? [[path, operation, method]] : [];
    }),
  );
}

/** What a document says of an answer's header, which is always there unless said otherwise. */
export const textHeader = (description: string, example: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' as const, example },
});
