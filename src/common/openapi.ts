import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every operation of a document, with its path. */
export function operationsOf(document: OpenAPIObject): [path: string, operation: Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): [string, Operation][] => {
      const operation = item[method];
      return operation ? [[path, operation]] : [];
    }),
  );
}

/** What a document says of an answer's header, which is always there unless said otherwise. */
export const textHeader = (description: string, example: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' as const, example },
});
