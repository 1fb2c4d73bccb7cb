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
  // A list that was deleted elsewhere is still shown, with what was typed.
  const begun = dialog.kind === 'new' ? undefined : dialog.list;
  const list = lists.find(({ id }) => id === begun?.id) ?? begun;
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
      {dialog.kind !== 'remove' && (
        <ListDialog
          list={list}
          onCreated={onCreated}
          onClose={close}
          onMove={onMove}
          onRemove={(removed) => open({ kind: 'remove', list: removed })}
        />
      )}
    </Suspense>
  );
}
