import type { OpenAPIObject } from '@nestjs/swagger';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Method = (typeof METHODS)[number];

/** Returns every operation of a document, with its path and method. */
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

/** Declares operations without a security requirement as public. */
export function declarePublic(document: OpenAPIObject): OpenAPIObject {
  for (const [, operation] of operationsOf(document)) operation.security ??= [];
  return document;
}

/**
 * Describes a response header with a string value, which is always present unless `required` is
 * false.
 */
export const stringHeader = (description: string, example: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' as const, example },
});

/**
 * Matches a string that is not blank and contains no NUL, in the syntax common to all regular
 * expressions.
 */
export const NOT_BLANK = '^[^\\x00]*[^\\s\\x00][^\\x00]*$';

/** Matches a string without NUL. */
export const WITHOUT_NUL = '^[^\\x00]*$';
