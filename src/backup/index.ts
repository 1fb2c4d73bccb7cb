export { backUp } from './backup.js';
export { demandEmbedded } from './backup-file.js';
export { restore } from './restore.js';
