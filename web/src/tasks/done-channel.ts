import type { Entry, Failure } from './change';
import type { Done } from './queue';

const CHANNEL = 'taskward-done';

/** A move that the server refused, which is taken back. */
export interface RefusedMove {
  readonly entry: Entry;
  readonly failure: Failure;
}

/** The outcome of changes, which every tab may have shown. */
export interface Outcome {
  readonly done?: readonly Done[];
  readonly refused?: RefusedMove;
}

/** Reports the outcome of changes to the tabs of one user: to this one, too. */
export class DoneChannel {
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor(
    private readonly user: string,
    private readonly onOutcome: (outcome: Outcome) => void,
  ) {
    this.#channel.onmessage = ({ data }: MessageEvent<Outcome & { readonly user: string }>) => {
      if (data.user === user) onOutcome(data);
    };
  }

  post(outcome: Outcome): void {
    this.onOutcome(outcome);
    this.#channel.postMessage({ ...outcome, user: this.user });
  }

  close(): void {
    this.#channel.close();
  }
}
