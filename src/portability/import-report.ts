import { Problem } from '../problems/index.js';
import { MAX_ERRORS } from '../validation/index.js';

/** Something about a line of a file. */
export interface LineNote {
  readonly line: number;
  readonly code: string;
  readonly detail: string;
}

const MAX_SKIPPED = 1_000;

/** Collects what cannot be taken from a file, and what is left out of it. */
export class ImportReport {
  readonly #errors: LineNote[] = [];
  readonly #skipped: LineNote[] = [];
  #more = 0;

  /** Adds a reason why nothing is imported. */
  refuse(line: number, code: string, detail: string): void {
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ line, code, detail });
  }

  /** Adds something that the file has and Taskward has not. */
  skip(line: number, code: string, detail: string): void {
    if (this.#skipped.length < MAX_SKIPPED) this.#skipped.push({ line, code, detail });
    else this.#more += 1;
  }

  get skipped(): LineNote[] {
    const last = this.#skipped.at(-1);
    if (last === undefined || this.#more === 0) return this.#skipped;
    const detail = `${String(this.#more)} more were left out`;
    return [...this.#skipped, { line: last.line, code: 'more', detail }];
  }

  /** @throws Problem `validation_failed` if anything was refused. */
  assertTaken(): void {
    const errors = this.#errors.toSorted((a, b) => a.line - b.line);
    if (errors.length === 0) return;
    throw new Problem('validation_failed', 'Nothing was imported; see "errors".', { errors });
  }
}
