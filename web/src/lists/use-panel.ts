import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { List } from './list';
import { onListsRequest, type PanelRequest } from './panel-requests';
import { type ListOrder, useListOrder } from './use-list-order';
import { type Lists, useLists } from './use-lists';

/** The dialog of the panel that is open. */
type PanelDialog =
  { readonly kind: 'new' } | { readonly kind: 'edit' | 'remove'; readonly list: List };

/** The state of the panel, which its dialogs change. */
export interface Panel {
  readonly all: Lists;
  /** The lists that are not archived, in their order. */
  readonly open: readonly List[];
  readonly order: ListOrder;
  readonly root: RefObject<HTMLElement | null>;
  readonly dialog: PanelDialog | undefined;
  readonly ask: (dialog: PanelDialog) => void;
  readonly close: () => void;
}

function focusFirst(root: HTMLElement | null): void {
  const found = ['a[aria-current]', 'a', 'button:enabled'].map((selector) =>
    root?.querySelector<HTMLElement>(selector),
  );
  found.find((element) => element)?.focus();
}

/** Holds the open dialog, and does what keys ask of the panel; `request` is what it was opened for. */
export function usePanel(request?: PanelRequest): Panel {
  const all = useLists();
  const open = all.lists?.filter(({ archived }) => !archived) ?? [];
  const order = useListOrder(open);
  const root = useRef<HTMLElement>(null);
  const [dialog, ask] = useState<PanelDialog | undefined>(
    request === 'new' ? { kind: 'new' } : undefined,
  );
  const answer = useEffectEvent((asked: PanelRequest) => {
    if (asked === 'focus') focusFirst(root.current);
    else ask({ kind: 'new' });
  });
  useEffect(() => onListsRequest(answer), []);
  return { all, open, order, root, dialog, ask, close: () => ask(undefined) };
}
