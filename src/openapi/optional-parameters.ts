import type { OpenAPIObject, ParameterObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/**
 * Moves the `example` of optional parameters to `examples`. Swagger UI prefills its form with an
 * `example`, and would send conditions and filters that the user did not choose; it ignores
 * `examples`, the keyword of JSON Schema 2020-12.
 */
export function hideOptionalExamples(document: OpenAPIObject): OpenAPIObject {
  for (const [, { parameters = [] }] of operationsOf(document)) {
    for (const parameter of parameters) {
      const { required = false, schema } = parameter as ParameterObject;
      if (required || schema === undefined || !('example' in schema)) continue;
      Object.assign(schema, { examples: [schema.example as unknown] });
      delete schema.example;
    }
  }
  return document;
}
