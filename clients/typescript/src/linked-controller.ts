/**
 * Returns a controller that is aborted together with any of the signals, until `unlink` is called.
 * `AbortSignal.any` would not do: Node may collect its signal while a request still needs it.
 * https://github.com/nodejs/node/issues/57736
 */
export function linkedController(...signals: (AbortSignal | undefined)[]): {
  readonly controller: AbortController;
  readonly unlink: () => void;
} {
  const controller = new AbortController();
  const unlinks = signals.map((signal) => {
    const abort = () => {
      controller.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    return () => signal?.removeEventListener('abort', abort);
  });
  return {
    controller,
    unlink: () => {
      for (const unlink of unlinks) unlink();
    },
  };
}
