import { useState } from 'react';

export interface Request<Failure> {
  readonly failure: Failure | undefined;
  readonly isPending: boolean;
  /** Resolves with the error, if there was one. */
  readonly run: (send: () => Promise<unknown>) => Promise<unknown>;
}

/** Sends one request at a time, and keeps why it failed until the next. */
export function useRequest<Failure>(failureOf: (error: unknown) => Failure): Request<Failure> {
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);
  const run = async (send: () => Promise<unknown>): Promise<unknown> => {
    if (isPending) return undefined;
    setPending(true);
    setFailure(undefined);
    try {
      await send();
      return undefined;
    } catch (error) {
      setFailure(failureOf(error));
      return error;
    } finally {
      setPending(false);
    }
  };
  return { failure, isPending, run };
}
