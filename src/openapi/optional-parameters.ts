import type { OpenAPIObject, ParameterObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/**
 * Swagger UI fills its form with the `example` of a parameter, and would send conditions and filters
 * that nobody chose. From `examples`, the word of JSON Schema 2020-12, it takes nothing.
 */
export function leaveOptionalEmpty(document: OpenAPIObject): OpenAPIObject {
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
