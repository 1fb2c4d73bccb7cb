import { relative } from 'node:path';

/** Jest reporter: names the files that have not ended when the run is told to, as its time is up. */
export default class RunningFiles {
  #running = new Set();

  constructor() {
    process.once('SIGTERM', () => {
      process.stderr.write(`Running until the end: ${[...this.#running].join(', ') || 'none'}\n`);
      process.exit(143);
    });
  }

  onTestFileStart({ path }) {
    this.#running.add(relative('', path));
  }

  onTestFileResult({ path }) {
    this.#running.delete(relative('', path));
  }
}
