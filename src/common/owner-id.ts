declare const OWNER: unique symbol;

/**
 * Whose rows a statement may touch. Not any text: a repository that is given an id, or what somebody
 * has sent, in the owner's place does not compile.
 */
export type OwnerId = string & { readonly [OWNER]: true };

/** The owner that the subject of a verified token is; the one way to make one, and for `auth` alone. */
export const ownerOf = (subject: string) => subject as OwnerId;
