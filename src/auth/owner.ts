import type { OwnerId } from '../database/index.js';

/** Returns the subject of a verified token as the owner of rows. */
export const ownerOf = (subject: string) => subject as OwnerId;
