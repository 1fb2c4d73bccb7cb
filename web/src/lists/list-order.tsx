import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable';
import type { List } from './list';
import { SortableListItem } from './list-item';
import classes from './lists.module.css';

interface ListOrderProps {
  readonly lists: readonly List[];
  readonly isOffline: boolean;
  readonly label: string;
  readonly onChange: (list: List) => void;
  readonly onMove: (list: List, index: number) => void;
}

/** A press is a click until the pointer has moved this far, or a finger has rested this long. */
const MOUSE = { activationConstraint: { distance: 6 } };
const TOUCH = { activationConstraint: { delay: 250, tolerance: 8 } };
/** The click comes this soon after the drop. */
const CLICK_MS = 50;

/** The panel announces a move in the language of the page, also one by keyboard. */
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

const preventClick = (event: Event) => event.preventDefault();

/** Keeps the link that was dragged from being followed where it is dropped. */
function holdClicks(): void {
  addEventListener('click', preventClick, { capture: true });
}

function releaseClicks(): void {
  setTimeout(() => removeEventListener('click', preventClick, { capture: true }), CLICK_MS);
}

/** The lists in their order, which dragging changes. */
export function ListOrder({ lists, isOffline, label, onChange, onMove }: ListOrderProps) {
  const sensors = useSensors(useSensor(MouseSensor, MOUSE), useSensor(TouchSensor, TOUCH));
  const indexOf = (id: string) => lists.findIndex((list) => list.id === id);
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    releaseClicks();
    const list = lists[indexOf(String(active.id))];
    if (list && over) onMove(list, indexOf(String(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={ACCESSIBILITY}
      onDragStart={holdClicks}
      onDragEnd={onDragEnd}
      onDragCancel={releaseClicks}
    >
      <SortableContext items={lists.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ul className={classes['items']} aria-label={label}>
          {lists.map((list) => (
            <SortableListItem
              key={list.id}
              list={list}
              onChange={onChange}
              onMove={isOffline ? undefined : (_, by) => onMove(list, indexOf(list.id) + by)}
            />
          ))}
        </ul>
      </SortableContext>
    </DndContext>
  );
}
