import { type RefObject, useState } from 'react';
import type { ShownTask } from './overlay';

/** Returns the field for new tasks, and the task that they are subtasks of while the person adds some. */
export function useAddingBelow(addInput: RefObject<HTMLInputElement | null>) {
  const [parent, setParent] = useState<ShownTask>();
  const onAddSubtask = (task: ShownTask) => {
    setParent(task);
    addInput.current?.focus();
  };
  return {
    onAddSubtask,
    adding: { inputRef: addInput, parent, onLeaveParent: () => setParent(undefined) },
  };
}
