declare const OWNER: unique symbol;

/**
 * The owner of rows. A repository that is given any other string in its place, such as an id or part of
 * a body, does not compile: only `auth` makes owners, of verified subjects.
 */
export type OwnerId = string & { readonly [OWNER]: true };
