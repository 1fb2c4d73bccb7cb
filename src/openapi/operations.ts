import type { OpenAPIObject } from '@nestjs/swagger';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

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

/** Declares that operations without a security requirement are open to everybody. */
export function declarePublic(document: OpenAPIObject): OpenAPIObject {
  for (const [, operation] of operationsOf(document)) operation.security ??= [];
  return document;
}

/** What a document says of an answer's header, which is always there unless said otherwise. */
export const textHeader = (description: string, example: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' as const, example },
});

/** A string that has more than white space, and no NUL; in the syntax that all regular expressions share. */
export const NOT_BLANK = '^[^\\x00]*[^\\s\\x00][^\\x00]*$';

/** A string without NUL. */
export const WITHOUT_NUL = '^[^\\x00]*$';
