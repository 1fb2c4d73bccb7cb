import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { List } from '../lists/list';
import { ListDot } from '../lists/list-dot';
import { useLists } from '../lists/use-lists';
import { moveToList } from './list-moves';
import type { Task } from './task';
import { useTasks } from './task-context';
import classes from './attention-dialog.module.css';

export interface MoveDialogProps {
  readonly tasks: readonly Task[];
  /** The tasks of the page. */
  readonly known: readonly Task[];
  /** Called when a list has been chosen. */
  readonly onMove: () => void;
  readonly onClose: () => void;
}

/** Offers the lists that tasks can be moved to. */
export function MoveDialog({ tasks, known, onMove, onClose }: MoveDialogProps) {
  const { t } = useTranslation();
  const session = useTasks();
  const { lists } = useLists();
  const open = lists?.filter(({ archived }) => !archived) ?? [];
  const move = (list: List | undefined) => {
    onClose();
    // Before the move is reported: the message comes in place of the bar.
    onMove();
    void moveToList(session, tasks, { list, known });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('lists.move.title', { count: tasks.length })}
      closeButtonProps={{ 'aria-label': t('lists.close') }}
    >
      <ul className={classes['choices']}>
        {[undefined, ...open].map((list) => (
          <li key={list?.id ?? ''}>
            <button type="button" className={classes['choice']} onClick={() => move(list)}>
              {list && <ListDot color={list.color} />}
              <span dir="auto">{list?.name ?? t('lists.none')}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
