import {
  AutoScrollActivator,
  DndContext,
  type DragStartEvent,
  MouseSensor,
  TouchSensor,
  useDraggable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type RefObject, useEffect, useState } from 'react';
import { type Drop, dropOf } from './drops';
import type { ShownTask } from './overlay';
import type { Place } from './place';
import { useTasks } from './task-context';
import { useLatest } from './use-selection';
import classes from './task-list.module.css';

export interface DragLayerProps {
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly rows: readonly ShownTask[];
  readonly known: readonly ShownTask[];
  readonly indent: number;
  readonly onDrop: (task: ShownTask, to: Place) => void;
}

/** A press is a click until the pointer has moved this far, or a finger has rested this long. */
const MOUSE = { activationConstraint: { distance: 6 } };
const TOUCH = { activationConstraint: { delay: 250, tolerance: 8 } };
const AUTO_SCROLL = { activator: AutoScrollActivator.Pointer };

/** The message about a move is read out instead, in the language of the page. */
const announceNothing = () => undefined;
const ACCESSIBILITY = {
  announcements: {
    onDragStart: announceNothing,
    onDragOver: announceNothing,
    onDragEnd: announceNothing,
    onDragCancel: announceNothing,
  },
  screenReaderInstructions: { draggable: '' },
};

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A task that is being dragged, and where it would go. */
interface Drag {
  readonly task: ShownTask;
  readonly start: Point;
  readonly pointer: Point;
  readonly drop: Drop | undefined;
  /** The line that shows the gap, in the window. */
  readonly line: { readonly left: number; readonly top: number; readonly width: number };
}

const pointOf = (event: Event): Point | undefined => {
  const point = 'touches' in event ? (event as TouchEvent).touches[0] : (event as MouseEvent);
  return point && { x: point.clientX, y: point.clientY };
};

const rowsOf = (grid: HTMLElement) => [
  ...grid.querySelectorAll<HTMLElement>('[role=row][data-index]'),
];

/** Returns the row before which a point is, and where in the window that is. */
function gapAt(grid: HTMLElement, { y }: Point): { gap: number; top: number } {
  let found = { gap: 0, top: grid.getBoundingClientRect().top };
  for (const row of rowsOf(grid)) {
    const { top, height } = row.getBoundingClientRect();
    const index = Number(row.dataset['index']);
    const isPassed = y > top + height / 2;
    if (isPassed && index + 1 >= found.gap) found = { gap: index + 1, top: top + height };
    if (!isPassed && found.gap === 0 && index === 0) found = { gap: 0, top };
  }
  return found;
}

/** Returns a drag at a point of the window. */
function dragTo(drag: Drag, pointer: Point, { grid, rows, known, indent }: DragLayerProps): Drag {
  const element = grid.current;
  if (element === null) return drag;
  const { gap, top } = gapAt(element, pointer);
  const { task, start } = drag;
  const levels = Math.round((pointer.x - start.x) / indent);
  const depth = (task.nesting?.depth ?? 0) + levels;
  const drop = dropOf({ task, gap, depth }, rows, known);
  const { left, width } = element.getBoundingClientRect();
  const inset = (drop?.depth ?? 0) * indent;
  return { ...drag, pointer, drop, line: { left: left + inset, top, width: width - inset } };
}

/** Lets the rows be dragged by mouse and finger. Loaded after the list, of which it is no part. */
export default function DragLayer(props: DragLayerProps) {
  const { keyOf } = useTasks();
  const sensors = useSensors(useSensor(MouseSensor, MOUSE), useSensor(TouchSensor, TOUCH));
  const [drag, setDrag] = useState<Drag>();
  const latest = useLatest(props);
  const isDragging = drag !== undefined;
  useEffect(() => {
    if (!isDragging) return;
    const follow = (pointer: Point) =>
      setDrag((before) => before && dragTo(before, pointer, latest.current));
    const onMove = (event: Event) => {
      const point = pointOf(event);
      if (point) follow(point);
    };
    // The rows move below the pointer.
    const onScroll = () =>
      setDrag((before) => before && dragTo(before, before.pointer, latest.current));
    addEventListener('mousemove', onMove);
    addEventListener('touchmove', onMove);
    addEventListener('scroll', onScroll);
    return () => {
      removeEventListener('mousemove', onMove);
      removeEventListener('touchmove', onMove);
      removeEventListener('scroll', onScroll);
    };
  }, [isDragging, latest]);
  const onDragStart = ({ activatorEvent }: DragStartEvent) => {
    const key = (activatorEvent.target as Element).closest<HTMLElement>('[role=row]')?.dataset[
      'key'
    ];
    const task = props.rows.find(({ id }) => keyOf(id) === key);
    const start = pointOf(activatorEvent);
    if (task === undefined || start === undefined) return;
    const line = { left: 0, top: 0, width: 0 };
    setDrag(dragTo({ task, start, pointer: start, drop: undefined, line }, start, props));
  };
  const onDragEnd = () => {
    setDrag(undefined);
    if (drag?.drop) props.onDrop(drag.task, drag.drop.place);
  };
  return (
    <DndContext
      sensors={sensors}
      autoScroll={AUTO_SCROLL}
      accessibility={ACCESSIBILITY}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
      onDragCancel={() => setDrag(undefined)}
    >
      <DragSource grid={props.grid} />
      {drag && <DragMarks drag={drag} />}
    </DndContext>
  );
}

type Listener = (event: { readonly nativeEvent: Event }) => void;

/** Starts a drag where a row is pressed: the grid is the one thing to drag, whatever rows it has. */
function DragSource({ grid }: Pick<DragLayerProps, 'grid'>) {
  const { setNodeRef, listeners } = useDraggable({ id: 'rows' });
  const latest = useLatest(listeners);
  useEffect(() => {
    const element = grid.current;
    setNodeRef(element);
    const press = (name: 'onMouseDown' | 'onTouchStart') => (nativeEvent: Event) => {
      const target = nativeEvent.target as Element;
      // Text that is edited is selected by the mouse, not dragged.
      if (target.closest('form') !== null) return;
      const listener = latest.current?.[name] as Listener | undefined;
      listener?.({ nativeEvent });
    };
    const [onMouseDown, onTouchStart] = [press('onMouseDown'), press('onTouchStart')];
    element?.setAttribute('data-draggable', 'true');
    element?.addEventListener('mousedown', onMouseDown);
    element?.addEventListener('touchstart', onTouchStart, { passive: true });
    return () => {
      element?.removeAttribute('data-draggable');
      element?.removeEventListener('mousedown', onMouseDown);
      element?.removeEventListener('touchstart', onTouchStart);
    };
  }, [grid, latest, setNodeRef]);
  return null;
}

/** The title of the task that is dragged, and the line where it would go. */
function DragMarks({ drag: { task, pointer, drop, line } }: { readonly drag: Drag }) {
  const translate = `translate(${String(pointer.x + 12)}px, ${String(pointer.y + 8)}px)`;
  return (
    <div aria-hidden="true">
      {drop && (
        <div
          className={classes['line']}
          data-testid="drop-line"
          style={{ left: line.left, top: line.top, width: line.width }}
        />
      )}
      <div className={classes['dragged']} style={{ transform: translate }} dir="auto">
        {task.title}
      </div>
    </div>
  );
}
