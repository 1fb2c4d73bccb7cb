import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type FocusEvent,
  type FunctionComponent,
  lazy,
  Suspense,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { DragLayerProps } from './drag-layer';
import type { Today } from './filter';
import type { ShownTask } from './overlay';
import { TaskEditor } from './task-editor';
import { isField } from './shortcuts';
import { type RowCommands, TaskRow } from './task-row';
import { useTasks } from './task-context';
import { useIsNarrow } from './use-is-narrow';
import classes from './task-list.module.css';

/** Without it, tasks are moved by keys and buttons all the same. */
const DragLayer = lazy<FunctionComponent<DragLayerProps>>(() =>
  import('./drag-layer').catch(() => ({ default: () => null })),
);

interface TaskListProps {
  readonly tasks: readonly ShownTask[];
  readonly today: Today;
  readonly isTrash: boolean;
  /** The list that all tasks are in, if the page is of one. */
  readonly shownList: string | undefined;
  readonly hasMore: boolean;
  readonly active: number;
  /** Changes when the active row is to get the focus. */
  readonly focusRequest: number;
  readonly selected: ReadonlySet<string>;
  readonly editing: string | undefined;
  /** Present in a list whose order the person gives. */
  readonly drag: Pick<DragLayerProps, 'known' | 'onDrop'> | undefined;
  readonly commands: RowCommands;
  readonly onLoadMore: () => void;
  readonly onCloseEditor: () => void;
  readonly onLeaveEditor: () => void;
}

const ROW_HEIGHT = 36;
const NARROW_ROW_HEIGHT = 52;
const EDITOR_HEIGHT = 280;
/** Rows before the end at which the next page is read. */
const LOAD_AHEAD = 60;
const OVERSCAN = 12;
/** A row that gets the focus is not hidden by what floats above the page. */
const SCROLL_PADDING = 120;

/** Keeps the rows in sight in the page, and no others. */
function useRows({ tasks, active, focusRequest, editing }: TaskListProps) {
  const { keyOf } = useTasks();
  const rowHeight = useIsNarrow() ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const grid = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  const key = (index: number) => keyOf(tasks[index]?.id ?? '');
  const virtualizer = useWindowVirtualizer({
    count: tasks.length,
    estimateSize: (index) => (key(index) === editing ? EDITOR_HEIGHT : rowHeight),
    getItemKey: key,
    overscan: OVERSCAN,
    scrollMargin: offset,
    scrollPaddingStart: SCROLL_PADDING,
    scrollPaddingEnd: SCROLL_PADDING,
  });
  const scroll = useEffectEvent(() => virtualizer.scrollToIndex(active, { align: 'auto' }));
  const focus = useEffectEvent(() => {
    if (!isField(document.activeElement)) focusRow(grid.current, active);
  });
  // The lines above the list grow and shrink, and the page with them.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const { top = 0 } = grid.current?.getBoundingClientRect() ?? {};
      setOffset(Math.round(top + window.scrollY));
    });
    const page = grid.current?.parentElement;
    if (page) observer.observe(page);
    return () => observer.disconnect();
  }, []);
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useEffect(() => {
    if (focusRequest === 0) return;
    scroll();
    // The row may come into the page only now. A person may have gone to another row, or to a field, since.
    requestAnimationFrame(() => focus());
  }, [focusRequest]);
  return { grid, virtualizer, rowHeight, offset };
}

/** The tasks as a grid of which only the rows in sight are in the page. */
export function TaskList(props: TaskListProps) {
  const { tasks, hasMore, onLoadMore } = props;
  const { t } = useTranslation();
  const isNarrow = useIsNarrow();
  const { grid, virtualizer, rowHeight, offset } = useRows(props);
  const isTree = tasks.some(
    ({ nesting }) => nesting && (nesting.depth > 0 || 'isFolded' in nesting),
  );
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= tasks.length - LOAD_AHEAD) onLoadMore();
  }, [hasMore, last, tasks.length, onLoadMore]);
  return (
    <>
      <div
        ref={grid}
        role={isTree ? 'treegrid' : 'grid'}
        data-tree={isTree}
        aria-label={t('tasks.list.label')}
        aria-rowcount={hasMore ? -1 : tasks.length}
        aria-multiselectable="true"
        className={classes['grid']}
      >
        <div
          role="rowgroup"
          className={classes['rows']}
          style={{ height: `${virtualizer.getTotalSize()}px` }}
        >
          {rows.map(({ index, key, start }) => (
            <Row
              {...props}
              isTree={isTree}
              key={key}
              index={index}
              rowHeight={rowHeight}
              measure={virtualizer.measureElement}
              top={start - offset}
            />
          ))}
        </div>
      </div>
      {props.drag && (
        <Suspense>
          <DragLayer {...props.drag} grid={grid} rows={tasks} indent={isNarrow ? 16 : 24} />
        </Suspense>
      )}
    </>
  );
}

function focusRow(grid: HTMLElement | null, index: number): void {
  grid
    ?.querySelector<HTMLElement>(`[role=row][data-index="${index}"]`)
    ?.focus({ preventScroll: true });
}

interface RowProps extends TaskListProps {
  readonly index: number;
  readonly rowHeight: number;
  readonly top: number;
  readonly measure: (element: HTMLElement | null) => void;
  readonly isTree: boolean;
}

function Row(props: RowProps) {
  const { tasks, index, rowHeight, top, measure, active, selected, editing, commands } = props;
  const { keyOf } = useTasks();
  const task = tasks[index];
  if (task === undefined) return null;
  const key = keyOf(task.id);
  const isEditing = key === editing;
  const isFolded = task.nesting?.isFolded;
  const isActive = index === active;
  const onFocus = (event: FocusEvent) => {
    if (!isActive && event.currentTarget.contains(event.target)) commands.onActivate(index);
  };
  return (
    <div
      ref={measure}
      role="row"
      data-index={index}
      data-key={key}
      aria-rowindex={index + 1}
      {...(props.isTree && {
        'aria-level': (task.nesting?.depth ?? 0) + 1,
        'aria-expanded': isFolded === undefined ? undefined : !isFolded,
      })}
      aria-selected={selected.has(key)}
      aria-label={task.title}
      tabIndex={isActive && !isEditing ? 0 : -1}
      className={classes['row']}
      style={{
        transform: `translateY(${top}px)`,
        height: isEditing ? undefined : `${rowHeight}px`,
      }}
      onFocus={onFocus}
    >
      {isEditing ? (
        <div role="gridcell">
          <TaskEditor
            task={task}
            today={props.today}
            onClose={props.onCloseEditor}
            onLeave={props.onLeaveEditor}
            commands={commands}
          />
        </div>
      ) : (
        <TaskRow
          task={task}
          index={index}
          today={props.today}
          isActive={isActive}
          isTrash={props.isTrash}
          shownList={props.shownList}
          commands={commands}
        />
      )}
    </div>
  );
}
