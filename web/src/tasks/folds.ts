import { useSyncExternalStore } from 'react';
import { useTasks } from './task-context';

/** Choices that are remembered; the oldest is forgotten first. */
const MAX_FOLDS = 1_000;

type Choices = ReadonlyMap<string, boolean>;

const NO_CHOICES: Choices = new Map();

function parse(text: string | null): Choices {
  if (text === null) return NO_CHOICES;
  try {
    return new Map(JSON.parse(text) as [string, boolean][]);
  } catch {
    return NO_CHOICES;
  }
}

/** The tasks that a user has folded or unfolded on this device, by id. */
export class Folds {
  #choices: Choices;
  readonly #key: string;
  readonly #listeners = new Set<() => void>();

  readonly #closing = new AbortController();

  constructor(user: string) {
    this.#key = `taskward-folds:${user}`;
    this.#choices = parse(localStorage.getItem(this.#key));
    const onStorage = ({ key, newValue }: StorageEvent) => {
      if (key === this.#key) this.#adopt(parse(newValue));
    };
    addEventListener('storage', onStorage, { signal: this.#closing.signal });
  }

  close(): void {
    this.#closing.abort();
    this.#listeners.clear();
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly snapshot = (): Choices => this.#choices;

  set(id: string, isFolded: boolean): void {
    const others = [...this.#choices].filter(([other]) => other !== id);
    this.#store([...others, [id, isFolded]]);
  }

  /** Keeps the choice about a task under the id that the server gave it. */
  rename(local: string, id: string): void {
    const isFolded = this.#choices.get(local);
    if (isFolded === undefined) return;
    this.#store([...this.#choices].map(([other, is]) => [other === local ? id : other, is]));
  }

  #store(choices: readonly (readonly [string, boolean])[]): void {
    const kept = choices.slice(-MAX_FOLDS);
    this.#adopt(new Map(kept));
    try {
      localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // A full disk forgets the choice with the page.
    }
  }

  #adopt(choices: Choices): void {
    this.#choices = choices;
    for (const listener of this.#listeners) listener();
  }
}

/** Returns which tasks the user has folded or unfolded. */
export function useFolds(): Choices {
  const { folds } = useTasks();
  return useSyncExternalStore(folds.subscribe, folds.snapshot);
}
