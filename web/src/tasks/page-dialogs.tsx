import { lazy, Suspense } from 'react';
import type { Today } from './filter';
import type { MoveDialogProps } from './move-dialog';
import type { Task } from './task';

const ShortcutSheet = lazy(async () => {
  const { ShortcutSheet: sheet } = await import('./shortcut-sheet');
  return { default: sheet };
});
const DeleteDialog = lazy(async () => {
  const { DeleteDialog: dialog } = await import('./delete-dialog');
  return { default: dialog };
});

const HistoryDrawer = lazy(async () => {
  const { HistoryDrawer: drawer } = await import('../history/history-drawer');
  return { default: drawer };
});
const MoveDialog = lazy(async () => {
  const { MoveDialog: dialog } = await import('./move-dialog');
  return { default: dialog };
});

/** The dialog that is open, if one is. */
export type OpenDialog =
  | { readonly kind: 'keys' }
  | { readonly kind: 'history'; readonly task: Task }
  | {
      readonly kind: 'delete';
      readonly tasks: readonly Task[];
      /** Whether other tasks are below them. */
      readonly hasSubtasks: boolean;
    }
  | ({ readonly kind: 'list' } & Omit<MoveDialogProps, 'onClose'>);

interface PageDialogsProps {
  readonly open: OpenDialog | undefined;
  readonly today: Today;
  readonly onDelete: (tasks: readonly Task[]) => void;
  readonly onClose: () => void;
}

/** The dialogs of a page, loaded when they are opened. */
export function PageDialogs({ open, today, onDelete, onClose }: PageDialogsProps) {
  if (open === undefined) return null;
  return (
    <Suspense>
      {open.kind === 'keys' && <ShortcutSheet onClose={onClose} />}
      {open.kind === 'history' && (
        <HistoryDrawer task={open.task} today={today} onClose={onClose} />
      )}
      {open.kind === 'list' && <MoveDialog {...open} onClose={onClose} />}
      {open.kind === 'delete' && (
        <DeleteDialog
          tasks={open.tasks}
          hasSubtasks={open.hasSubtasks}
          onConfirm={() => {
            onDelete(open.tasks);
            onClose();
          }}
          onClose={onClose}
        />
      )}
    </Suspense>
  );
}
