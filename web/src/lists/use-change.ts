import { useState } from 'react';
import { type ListFailure, useListFailure } from './list-failure';

/** Sends one change of lists at a time, and keeps why it failed until the next. */
export function useChange() {
  const failureOf = useListFailure();
  const [failure, setFailure] = useState<ListFailure>();
  const [isPending, setPending] = useState(false);
  /** Resolves with the error, if there was one. */
  const run = async (change: () => Promise<unknown>): Promise<unknown> => {
    if (isPending) return undefined;
    setPending(true);
    setFailure(undefined);
    try {
      await change();
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
