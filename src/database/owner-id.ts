declare const OWNER: unique symbol;

/**
 * The owner of rows. A call that passes any other string to a repository, such as an id or part of a
 * body, does not compile: only `auth` creates owners, from verified subjects.
 */
export type OwnerId = string & { readonly [OWNER]: true };
