import { useNavigate } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { requestLists } from '../lists/panel-requests';
import type { LocalFilter } from './filter';
import type { ShownTask } from './overlay';
import type { OpenDialog } from './page-dialogs';
import { PRIORITIES, type Task } from './task';
import { useTasks } from './task-context';
import { isOrdered, tasksBelow, topmost } from './tree';
import { useCommands } from './use-commands';
import { useListFocus } from './use-list-focus';
import { useRowCommands } from './use-row-commands';
import { useSelection } from './use-selection';
import type { TaskList } from './use-task-list';
import { useTreeCommands } from './use-tree-commands';
import { addDays } from './zone';

interface ListCommandOptions {
  readonly filter: LocalFilter;
  readonly list: TaskList;
  readonly addInput: RefObject<HTMLInputElement | null>;
  readonly searchInput: RefObject<HTMLInputElement | null>;
  readonly openDialog: (dialog: OpenDialog) => void;
  readonly onAddSubtask: (parent: ShownTask) => void;
}

type Rows = ReturnType<typeof useRows>;

/** The commands that open a dialog. */
const dialogsOf = ({ list, openDialog }: ListCommandOptions) => ({
  onDelete: (tasks: readonly Task[]) => {
    const below = tasksBelow(new Set(tasks.map(({ id }) => id)), list.known);
    openDialog({ kind: 'delete', tasks, hasSubtasks: below.length > 0 });
  },
  onHistory: (task: Task) => openDialog({ kind: 'history', task }),
});

/** The rows that commands are about: the active one, those that are selected, the one being edited. */
function useRows(options: ListCommandOptions) {
  const { filter, list, openDialog, onAddSubtask } = options;
  const tasks = useTasks();
  const selection = useSelection(list.tasks);
  const focus = useListFocus(list.tasks);
  const dialogs = dialogsOf(options);
  const { onDelete } = dialogs;
  const tree = useTreeCommands({ filter, list, focus, onAddSubtask });
  const isTrash = filter.view === 'trash';
  const commands = useRowCommands({ tasks: list.tasks, focus, selection, tree, ...dialogs });
  /** The tasks that a command is about: those that are selected, or else the active one. */
  const targets = () =>
    selection.tasks.length > 0
      ? selection.tasks
      : [focus.task].filter((task) => task !== undefined);
  const editAll = (patch: Parameters<typeof tasks.editAll>[1]) => {
    if (!isTrash) void tasks.editAll(targets(), patch);
  };
  const trash = () => {
    // Subtasks go along, and come back along.
    const all = topmost(targets(), list.known);
    if (isTrash && all.length > 0) onDelete(all);
    if (isTrash) return;
    selection.clear();
    // The row that follows takes the place, and the focus.
    void tasks.trash(all).then(focus.request);
  };
  const complete = () => editAll({ completed: !targets().every(({ completed }) => completed) });
  const selectAll = () => {
    const select = (all: readonly Task[]) => selection.add(all.map(({ id }) => tasks.keyOf(id)));
    // Pages that cannot be read now cannot be selected.
    void list.loadAll().then(select, () => undefined);
  };
  const moveToList = () => {
    const moved = targets();
    if (isTrash || moved.length === 0) return;
    openDialog({ kind: 'list', tasks: moved, known: list.known, onMove: selection.clear });
  };
  const bulk = { targets, editAll, trash, complete, selectAll, moveToList };
  return { tasks, selection, focus, tree, commands, ...bulk, isTrash, onDelete };
}

/** The commands of a list: by key for the active or the selected tasks, by mouse for a row. */
export function useListCommands(options: ListCommandOptions) {
  const { list } = options;
  const rows = useRows(options);
  const { focus, selection, commands } = rows;
  useListKeys(options, rows);
  return {
    focusList: () => {
      // A row does not get the focus while a person writes.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      focus.request();
    },
    deleteForGood: (toDelete: readonly Task[]) => {
      void rows.tasks.deleteForGood(toDelete);
      selection.clear();
    },
    listProps: {
      active: focus.active,
      focusRequest: focus.requests,
      selected: selection.keys,
      editing: focus.editing,
      drag: isOrdered(options.filter)
        ? { known: list.known, onDrop: rows.tree.placeAt }
        : undefined,
      commands,
      hasMore: list.hasMore,
      onLoadMore: list.loadMore,
      onCloseEditor: focus.closeEditor,
      onLeaveEditor: focus.leaveEditor,
    },
    selectionProps: selectionProps(rows),
  };
}

function selectionProps({ tasks, selection, ...rows }: Rows) {
  const andClear = (action: () => void) => () => {
    action();
    selection.clear();
  };
  return {
    count: selection.tasks.length,
    isTrash: rows.isTrash,
    isDone: selection.tasks.every(({ completed }) => completed),
    onComplete: andClear(rows.complete),
    onTrash: rows.trash,
    onMove: rows.moveToList,
    onRestore: andClear(() => void tasks.restore(selection.tasks)),
    onDeleteForGood: () => rows.onDelete(selection.tasks),
    onSelectAll: rows.selectAll,
    onClear: selection.clear,
  };
}

/** The commands that go to another page. */
function useGoKeys() {
  const navigate = useNavigate();
  const go = (to: '/today' | '/upcoming' | '/all' | '/trash') => () =>
    void navigate({ to, search: {} });
  return {
    goToday: go('/today'),
    goUpcoming: go('/upcoming'),
    goAll: go('/all'),
    goTrash: go('/trash'),
    goLists: () => requestLists('focus'),
  };
}

/** The commands for the active task alone. */
function taskKeys({ focus: { task }, isTrash, commands }: Rows) {
  const active = isTrash ? undefined : task;
  return {
    edit: () => {
      if (active) commands.onEdit(active);
    },
    skip: () => {
      if (active?.recurrence) commands.onSkip(active);
    },
    history: () => {
      if (active) commands.onHistory(active);
    },
  };
}

function useListKeys(options: ListCommandOptions, rows: Rows): void {
  const { filter, list, addInput, searchInput, openDialog } = options;
  const { today } = filter;
  const { tasks, focus, tree, commands, editAll } = rows;
  const goKeys = useGoKeys();
  useCommands({
    add: () => addInput.current?.focus(),
    search: () => searchInput.current?.focus(),
    next: focus.next,
    previous: focus.previous,
    first: focus.first,
    last: focus.last,
    complete: rows.complete,
    priority: () => {
      const { priority = 'none' } = rows.targets()[0] ?? {};
      const next = (PRIORITIES.indexOf(priority) + 1) % PRIORITIES.length;
      editAll({ priority: PRIORITIES[next] ?? 'none' });
    },
    dueToday: () => editAll({ due: today.day }),
    dueTomorrow: () => editAll({ due: addDays(today.day, 1) }),
    ...taskKeys(rows),
    trash: rows.trash,
    select: () => commands.onSelect(focus.active, false),
    selectAll: rows.selectAll,
    ...tree.keys,
    undo: () => void tasks.actions.undo(),
    refresh: list.refresh,
    ...goKeys,
    toList: rows.moveToList,
    newList: () => requestLists('new'),
    help: () => openDialog({ kind: 'keys' }),
    leave: rows.selection.clear,
  });
}
