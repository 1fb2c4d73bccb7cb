import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';

/** The versions that a header names, any at all, or undefined: the header was not sent. */
export type Expected = readonly number[] | '*' | undefined;

/** Conditions of a request on the version of a resource (RFC 9110, section 13.1). */
export interface Precondition {
  /** The version must be one of these. */
  readonly ifMatch?: Expected;
  /** The version must be none of these. */
  readonly ifNoneMatch?: Expected;
}

/** A comma may stand inside of one, so a list cannot just be split. */
const ENTITY_TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/;
/** RFC 9110, section 5.6.1: elements may be empty, though not all of them. Takes linear time. */
const ENTITY_TAGS = new RegExp(`^,*${ENTITY_TAG.source}(,(${ENTITY_TAG.source})?)*$`);

/** The same, or `*`, with white space between the elements: for the API's description. */
export const ENTITY_TAGS_PATTERN = `^\\s*\\*\\s*$|^[\\s,]*${ENTITY_TAG.source}(\\s*,\\s*(${ENTITY_TAG.source})?)*\\s*$`;

/** The strong entity tag of a version. RFC 9110, section 8.8.3. */
export function etagOf(version: number): string {
  return `"${String(version)}"`;
}

/** Stands for the weak tag of a version: no task has it, and yet it can be recognised. */
const weakened = (version: number) => -version;

/** Whether a version is none of those that the writer accepts. */
export function isStale(version: number, expected: Expected): boolean {
  return Array.isArray(expected) && !expected.includes(version);
}

/** Whether a version is one of those that the header names. */
export function isNamed(version: number, named: Expected): boolean {
  return named !== undefined && !isStale(version, named);
}

/** Whether a task of this version must be left as it is. */
export function fails(version: number, { ifMatch, ifNoneMatch }: Precondition): boolean {
  return isStale(version, ifMatch) || isNamed(version, ifNoneMatch);
}

/** Returns why a precondition does not allow a version. */
export function reasonOfFailure(version: number, { ifMatch }: Precondition): string {
  const etag = etagOf(version);
  const now = `The current version is ${etag}.`;
  if (!isStale(version, ifMatch) || !isNamed(weakened(version), ifMatch)) return now;
  return `${now} If-Match names it by the weak tag W/${etag}, which matches nothing (RFC 9110): a proxy weakened the ETag of the response. Send ${etag}, and have the proxy leave the ETag as it is.`;
}

/**
 * Demands `If-Match` where the server is set to require it.
 *
 * @throws Problem `precondition_required`
 */
export function assertIfMatch({ ifMatch }: Precondition, isRequired: boolean): void {
  if (!isRequired || ifMatch !== undefined) return;
  throw new Problem('precondition_required', 'Send If-Match with the ETag that you have read.');
}

/** The problem of a version that a precondition does not allow. */
export function preconditionFailed(version: number, precondition: Precondition): Problem {
  return new Problem('precondition_failed', reasonOfFailure(version, precondition), {
    headers: { etag: etagOf(version) },
  });
}

function parseTags(name: string, header: string | undefined, isWeakOurs: boolean): Expected {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const list = header.split(',').map((part) => part.trim());
  if (!ENTITY_TAGS.test(list.join(','))) {
    throw new Problem('invalid_header', `${name} must be * or entity tags such as "3".`, {
      errors: [{ header: name, code: 'entity_tag', detail: 'must be * or entity tags in quotes' }],
    });
  }
  return [...header.matchAll(new RegExp(ENTITY_TAG, 'g'))].map(([, weak, tag = '']) => {
    const version = /^[1-9]\d{0,8}$/.test(tag) ? Number(tag) : 0;
    return isWeakOurs || weak === undefined ? version : weakened(version);
  });
}

/**
 * Parses an `If-Match` header. Weak tags match nothing, as RFC 9110 (13.1.1) requires the strong
 * comparison; `*` accepts any version.
 *
 * @throws Problem `invalid_header` when it is no list of entity tags.
 */
export function parseIfMatch(header: string | undefined): Expected {
  return parseTags('If-Match', header, false);
}

/**
 * Parses an `If-None-Match` header. Weak tags count as strong ones, as RFC 9110 (13.1.2) requires the
 * weak comparison: caches on the way may have made them weak. `*` names any version.
 *
 * @throws Problem `invalid_header` when it is no list of entity tags.
 */
export function parseIfNoneMatch(header: string | undefined): Expected {
  return parseTags('If-None-Match', header, true);
}

/**
 * Reads the preconditions of a request.
 *
 * @throws Problem `invalid_header`
 */
export function preconditionOf({ headers }: FastifyRequest): Precondition {
  return {
    ifMatch: parseIfMatch(headers['if-match']),
    ifNoneMatch: parseIfNoneMatch(headers['if-none-match']),
  };
}

/** Parameter decorator with the preconditions of the request, for handlers that write. */
export const Preconditions = createParamDecorator((_: unknown, context: ExecutionContext) =>
  preconditionOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
