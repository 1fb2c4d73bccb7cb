import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../common/problem.js';

/** The versions that a writer accepts to overwrite, any at all, or undefined: no condition was set. */
export type Expected = readonly number[] | '*' | undefined;

/** A comma may stand inside of one, so a list cannot just be split. */
const ENTITY_TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/;
/** RFC 9110, section 5.6.1: elements may be empty, though not all of them. Takes linear time. */
const ENTITY_TAGS = new RegExp(`^,*${ENTITY_TAG.source}(,(${ENTITY_TAG.source})?)*$`);

/** The strong entity tag of a version. RFC 9110, section 8.8.3. */
export function etagOf(version: number): string {
  return `"${String(version)}"`;
}

/** Whether a version is none of those that the writer accepts. */
export function isStale(version: number, expected: Expected): boolean {
  return Array.isArray(expected) && !expected.includes(version);
}

/**
 * Reads an `If-Match` header. Weak tags match nothing, as RFC 9110 (13.1.1) asks for the strong
 * comparison; `*` accepts any version.
 *
 * @throws Problem `invalid_header` when it is no list of entity tags.
 */
export function parseIfMatch(header: string | undefined): Expected {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const list = header.split(',').map((part) => part.trim());
  if (!ENTITY_TAGS.test(list.join(','))) {
    throw new Problem('invalid_header', 'If-Match must be * or entity tags such as "3".', {
      errors: [{ header: 'If-Match', code: 'entity_tag', detail: 'an entity tag is in quotes' }],
    });
  }
  return [...header.matchAll(new RegExp(ENTITY_TAG, 'g'))].map(([, weak, version = '']) =>
    weak === undefined && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : 0,
  );
}

/** The versions that the caller's `If-Match` accepts. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseIfMatch(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);
