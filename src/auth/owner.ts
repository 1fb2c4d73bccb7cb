import type { OwnerId } from '../database/index.js';

/** The owner of statements that act for nobody: row-level security shows them no row. */
export const NOBODY = '' as OwnerId;

/** Returns the subject of a verified token, or of a secret that was found, as the owner of rows. */
export const ownerOf = (subject: string) => subject as OwnerId;
