declare const OWNER: unique symbol;

/**
 * Whose rows a statement may touch. Not any text: a repository that is given an id, or what somebody
 * has sent, in the owner's place does not compile.
 */
export type OwnerId = string & { readonly [OWNER]: true };

/** The owner that the current user is; the one way to make one. */
export const ownerOf = ({ id }: { readonly id: string }) => id as OwnerId;
