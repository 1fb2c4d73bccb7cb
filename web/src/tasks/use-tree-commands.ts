import type { LocalFilter } from './filter';
import { type Direction, placeTowards } from './moves';
import type { ShownTask } from './overlay';
import type { Place } from './place';
import { useTasks } from './task-context';
import { isNested, isOrdered } from './tree';
import { explainObstacle, moveTask } from './tree-actions';
import type { ListFocus } from './use-list-focus';
import type { TaskList } from './use-task-list';

interface TreeCommandOptions {
  readonly filter: LocalFilter;
  readonly list: TaskList;
  readonly focus: ListFocus;
  readonly onAddSubtask: (parent: ShownTask) => void;
}

/** Commands about subtasks and the order of tasks. */
export interface TreeCommands {
  readonly setFolded: (task: ShownTask, isFolded: boolean) => void;
  readonly addSubtask: (parent: ShownTask | undefined) => void;
  readonly move: (task: ShownTask | undefined, direction: Direction) => void;
  readonly placeAt: (task: ShownTask, to: Place) => void;
  /** The commands that have a key, about the active task. */
  readonly keys: Readonly<Record<TreeKey, () => void>>;
}

type TreeKey = 'addSubtask' | 'unfold' | 'fold' | 'moveUp' | 'moveDown' | 'indent' | 'outdent';

/** Returns a function that moves a task, and keeps it in sight. */
function usePlaceAt({ list, focus }: TreeCommandOptions): TreeCommands['placeAt'] {
  const session = useTasks();
  return (task, to) => {
    const isOther = to.parentId !== null && to.parentId !== task.parentId;
    if (isOther) session.folds.set(to.parentId, false);
    focus.follow(session.keyOf(task.id));
    void moveTask(session, task, to, list.known).then(focus.request);
  };
}

/** Returns a function that moves a task, or explains why it cannot be. */
function useMove(
  { filter, list }: TreeCommandOptions,
  placeAt: TreeCommands['placeAt'],
): TreeCommands['move'] {
  const session = useTasks();
  const { tasks: rows = [], known } = list;
  return (task, direction) => {
    if (task === undefined || filter.view === 'trash') return;
    const isUpright = direction === 'up' || direction === 'down';
    if (isUpright ? !isOrdered(filter) : !isNested(filter)) {
      explainObstacle(session, task, 'otherOrder');
      return;
    }
    const to = placeTowards(task, direction, { rows, known });
    if (typeof to === 'string') {
      explainObstacle(session, task, to);
      return;
    }
    placeAt(task, to);
  };
}

export function useTreeCommands(options: TreeCommandOptions): TreeCommands {
  const { filter, list, focus, onAddSubtask } = options;
  const { folds } = useTasks();
  const placeAt = usePlaceAt(options);
  const move = useMove(options, placeAt);
  const { task: active } = focus;
  const setFolded = ({ id }: ShownTask, isFolded: boolean) => folds.set(id, isFolded);
  const addSubtask = (task: ShownTask | undefined) => {
    if (task === undefined || filter.view === 'trash') return;
    setFolded(task, false);
    onAddSubtask(task);
  };
  const unfold = () => {
    if (active?.nesting?.isFolded === true) setFolded(active, false);
  };
  const fold = () => {
    if (active?.nesting?.isFolded === false) setFolded(active, true);
    else if (active && active.parentId !== null) {
      const parent = list.tasks?.findIndex(({ id }) => id === active.parentId) ?? -1;
      if (parent !== -1) focus.goTo(parent);
    }
  };
  const keys = {
    addSubtask: () => addSubtask(active),
    unfold,
    fold,
    moveUp: () => move(active, 'up'),
    moveDown: () => move(active, 'down'),
    indent: () => move(active, 'indent'),
    outdent: () => move(active, 'outdent'),
  };
  return { setFolded, addSubtask, move, placeAt, keys };
}
