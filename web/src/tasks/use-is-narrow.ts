import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 40rem)');

const subscribe = (listener: () => void) => {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** Returns whether the page is as narrow as a phone. */
export const useIsNarrow = () => useSyncExternalStore(subscribe, () => query.matches);
