import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import { onListsRequest, type PanelRequest } from './panel-requests';

/** The dialog of the panel that is open. */
type PanelDialog =
  { readonly kind: 'new' } | { readonly kind: 'edit' | 'remove'; readonly id: string };

export interface Panel {
  readonly dialog: PanelDialog | undefined;
  readonly open: (dialog: PanelDialog) => void;
  readonly close: () => void;
}

/** Holds the open dialog, and does what keys ask of the panel. */
export function usePanel(root: RefObject<HTMLElement | null>, request?: PanelRequest): Panel {
  const [dialog, open] = useState<PanelDialog | undefined>(
    request === 'new' ? { kind: 'new' } : undefined,
  );
  const focus = useEffectEvent(() => {
    const link = root.current?.querySelector<HTMLElement>('a[aria-current], a, button:enabled');
    link?.focus();
  });
  useEffect(
    () =>
      onListsRequest((request) => {
        if (request === 'focus') focus();
        else open({ kind: 'new' });
      }),
    [],
  );
  return { dialog, open, close: () => open(undefined) };
}
