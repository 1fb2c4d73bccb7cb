import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { OnRemoved } from './remove-dialog';
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
  readonly onRemoved: OnRemoved;
}

/** The dialogs of the panel, loaded when they are opened. */
export function PanelDialogs({ panel, onRemoved }: PanelDialogsProps) {
  const navigate = useNavigate();
  const { dialog, all, open, order, ask, close } = panel;
  const { lists = [] } = all;
  if (dialog === undefined) return null;
  // A list that was deleted elsewhere is still shown, with what was typed.
  const begun = dialog.kind === 'new' ? undefined : dialog.list;
  const list = lists.find(({ id }) => id === begun?.id) ?? begun;
  return (
    <Suspense>
      {dialog.kind === 'remove' && list && (
        <RemoveDialog
          list={list}
          onRemoved={(...removed) => {
            close();
            onRemoved(...removed);
          }}
          onClose={close}
        />
      )}
      {dialog.kind !== 'remove' && (
        <ListDialog
          list={list}
          onCreated={({ id }) => void navigate({ to: '/all', search: { list: id } })}
          onClose={close}
          onMove={(moved, by) => order.move(moved, open.indexOf(moved) + by)}
          onRemove={(removed) => ask({ kind: 'remove', list: removed })}
        />
      )}
    </Suspense>
  );
}
