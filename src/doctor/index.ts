export { diagnose } from './diagnose.js';
export { lineOf } from './finding.js';
