/** Seconds that a request may take: 5 for a connection, 10.5 for a statement, and some to spare. */
export const DEADLINE = 17;

const MAX_NOTES = 20;

/** Counters of a scenario. */
export class Tally {
  /** Changes that were answered with success; each operation of a batch is one. */
  acknowledged = 0;
  /** Answers to reads, each compared with what it has to be. */
  reads = 0;
  /** Titles of tasks that were acknowledged and are not as acknowledged, or not there. */
  readonly lost = new Set<string>();
  /** Titles of tasks that were made more than once. */
  readonly duplicated = new Set<string>();
  /** Rows of somebody else, or of nobody, that a user saw or owns. */
  readonly foreign = new Set<string>();
  /** Answers that neither the API's description nor the scenario allows. */
  wrong = 0;
  /** Requests without an answer by the deadline. */
  hung = 0;
  /** Seconds of the answer that took longest. */
  slowest = 0;
  /** Seconds, each from the end of a fault to the last request that felt it. */
  readonly recoveries: number[] = [];
  readonly notes: string[] = [];

  get isClean(): boolean {
    const { lost, duplicated, foreign } = this;
    return [lost.size, duplicated.size, foreign.size, this.wrong, this.hung].every((n) => n === 0);
  }

  /** Counts something that must not be, and keeps the first of its kind to be printed. */
  fail(what: string): void {
    this.wrong += 1;
    this.note(what);
  }

  note(what: string): void {
    if (this.notes.length < MAX_NOTES) this.notes.push(what);
  }

  loses(title: string, why: string): void {
    if (!this.lost.has(title)) this.note(`lost ${title}: ${why}`);
    this.lost.add(title);
  }

  /** One row of the table. */
  cells(): string[] {
    const { lost, duplicated, foreign } = this;
    const counts = [this.acknowledged, this.reads, lost.size, duplicated.size, foreign.size];
    const recovery = this.recoveries.length === 0 ? '–' : Math.max(...this.recoveries).toFixed(1);
    const cells = [...counts, this.wrong, this.hung].map((n) => n.toLocaleString('en'));
    return [...cells, this.slowest.toFixed(1), recovery];
  }

  /** Adds what another scenario has counted. */
  add(other: Tally): void {
    this.acknowledged += other.acknowledged;
    this.reads += other.reads;
    this.wrong += other.wrong;
    this.hung += other.hung;
    this.slowest = Math.max(this.slowest, other.slowest);
    this.recoveries.push(...other.recoveries);
    for (const set of ['lost', 'duplicated', 'foreign'] as const) {
      // The same title in two scenarios is not the same task.
      for (const item of other[set]) this[set].add(`${String(this[set].size)} ${item}`);
    }
  }
}
