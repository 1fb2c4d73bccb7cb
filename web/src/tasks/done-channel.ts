import type { Entry, Failure } from './change';
import type { Done } from './queue';

const CHANNEL = 'taskward-done';

/** A change that the server refused, and that is taken back. */
export interface TakenBack {
  readonly entry: Entry;
  readonly failure: Failure;
}

/** The outcome of changes, which every tab may have shown. */
export interface Outcome {
  readonly done?: readonly Done[];
  readonly takenBack?: TakenBack;
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
