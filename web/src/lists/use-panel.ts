import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import type { List } from './list';
import { onListsRequest, type PanelRequest } from './panel-requests';

/** The dialog of the panel that is open. */
type PanelDialog =
  { readonly kind: 'new' } | { readonly kind: 'edit' | 'remove'; readonly list: List };

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
    const found = ['a[aria-current]', 'a', 'button:enabled'].map((selector) =>
      root.current?.querySelector<HTMLElement>(selector),
    );
    found.find((element) => element)?.focus();
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
