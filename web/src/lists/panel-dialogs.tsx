import { lazy, Suspense } from 'react';
import type { List } from './list';
import type { Panel } from './use-panel';

const ListDialog = lazy(async () => {
  const { ListDialog: dialog } = await import('./list-dialog');
  return { default: dialog };
});
const RemoveDialog = lazy(async () => {
  const { RemoveDialog: dialog } = await import('./remove-dialog');
  return { default: dialog };
});

interface PanelDialogsProps {
  readonly panel: Panel;
  readonly lists: readonly List[];
  readonly onMove: (list: List, by: 1 | -1) => void;
  readonly onCreated: (list: List) => void;
  readonly onRemoved: (list: List) => void;
}

/** The dialogs of the panel, loaded when they are opened. */
export function PanelDialogs({ panel, lists, onMove, onCreated, onRemoved }: PanelDialogsProps) {
  const { dialog, open, close } = panel;
  if (dialog === undefined) return null;
  const list = dialog.kind === 'new' ? undefined : lists.find(({ id }) => id === dialog.id);
  return (
    <Suspense>
      {dialog.kind === 'remove' && list && (
        <RemoveDialog
          list={list}
          onRemoved={(removed) => {
            close();
            onRemoved(removed);
          }}
          onClose={close}
        />
      )}
      {(dialog.kind === 'new' || (dialog.kind === 'edit' && list)) && (
        <ListDialog
          list={list}
          onCreated={onCreated}
          onClose={close}
          onMove={onMove}
          onRemove={({ id }) => open({ kind: 'remove', id })}
        />
      )}
    </Suspense>
  );
}
