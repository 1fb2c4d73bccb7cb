export type PanelRequest = 'focus' | 'new';

const target = new EventTarget();

/** Brings the lists to the front, wherever they are: to choose one, or to make one. */
export const requestLists = (request: PanelRequest): void =>
  void target.dispatchEvent(new CustomEvent('request', { detail: request }));

/** Calls a function for each request; returns what ends that. */
export function onListsRequest(listener: (request: PanelRequest) => void): () => void {
  const handle = (event: Event) => listener((event as CustomEvent<PanelRequest>).detail);
  target.addEventListener('request', handle);
  return () => target.removeEventListener('request', handle);
}
