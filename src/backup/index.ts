export { backUp } from './backup.js';
export { assertEmbedded } from './backup-file.js';
export { restore } from './restore.js';
