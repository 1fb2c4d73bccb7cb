/** Sums Jest's reports, named as arguments, into one line: "123 passed, 0 failed". */
import { existsSync, readFileSync } from 'node:fs';

const unreported = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };
const reports = process.argv
  .slice(2)
  .map((path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : unreported));
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);

const passed = sum((report) => report.numPassedTests);
// A file that fails to load has no failed test, and is a failure nevertheless.
const failed = sum((report) => report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0));
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
