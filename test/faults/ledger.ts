import { Client } from 'pg';
import type { Tally } from './tally.ts';

/** A task as a change leaves it; `note` is its description, which no two changes have in common. */
export interface State {
  readonly note: string;
  readonly version: number;
  readonly deleted: boolean;
}

/** The known state of a task. */
export interface Entry {
  readonly owner: string;
  /** Names the one request that makes this task. */
  readonly title: string;
  id: string;
  /** As last acknowledged; undefined when nobody has said that it was made. */
  sure: State | undefined;
  /** State that a change without a response may have left. */
  doubt: State | undefined;
}

interface Row extends State {
  readonly owner: string;
  readonly id: string;
  readonly title: string;
}

export const isSame = (a: State, b: State | undefined) =>
  a.note === b?.note && a.version === b.version && a.deleted === b.deleted;

/** Every change that was asked for, with what was answered. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  /** Notes a task that is about to be made. */
  open(owner: string, title: string, note: string): Entry {
    const doubt = { note, version: 1, deleted: false };
    const entry = { owner, title, id: '', sure: undefined, doubt };
    this.#entries.set(title, entry);
    return entry;
  }

  /** The titles that a user has to find in the list. */
  listed(owner: string): Entry[] {
    return [...this.#entries.values()].filter(
      ({ owner: other, sure, doubt }) => other === owner && sure?.deleted === false && !doubt,
    );
  }

  isKnown(title: string): boolean {
    return this.#entries.has(title);
  }

  /** Compares everything with the table, as the role that sees all rows. */
  async verify(databaseUrl: string, tally: Tally): Promise<void> {
    const found = new Map<string, Row>();
    for (const row of await readAll(databaseUrl)) {
      const { owner, id, title } = row;
      const entry = this.#entries.get(title);
      if (entry?.owner !== owner) {
        tally.foreign.add(id);
        tally.note(`foreign: ${owner} has ${title}`);
        continue;
      }
      if (found.has(title)) tally.duplicated.add(title);
      found.set(title, row);
    }
    for (const { title, sure, doubt, id } of this.#entries.values()) {
      const row = found.get(title);
      if (row === undefined) {
        if (sure !== undefined) tally.loses(title, 'it is not in the table');
      } else if (!isSame(row, sure) && !isSame(row, doubt)) {
        tally.loses(title, `${JSON.stringify(row)} instead of ${JSON.stringify(sure)}`);
      } else if (id !== '' && row.id !== id) {
        tally.loses(title, 'another task has its place');
      }
    }
  }
}

async function readAll(databaseUrl: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(
      `select owner_id as owner, id, title, description as note, version,
              deleted_at is not null as deleted
         from task`,
    );
    return rows;
  } finally {
    await client.end();
  }
}
