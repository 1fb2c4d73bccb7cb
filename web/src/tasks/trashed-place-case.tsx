import { useTranslation } from 'react-i18next';
import type { List } from '../lists/list';
import { useListActions } from '../lists/use-list-actions';
import { useLists, useTrashedLists } from '../lists/use-lists';
import { wantedFields } from './change-fields';
import type { Entry } from './change';
import { discard, retry } from './queue';
import { useTasks } from './task-context';
import { useListFailure } from '../lists/list-failure';
import { useRequest } from '../ui/use-request';
import classes from './attention-dialog.module.css';

interface TrashedPlaceCaseProps {
  readonly entry: Entry;
}

/** A task that cannot be restored before its list, or the task above it. */
export function TrashedPlaceCase({ entry }: TrashedPlaceCaseProps) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const { restore } = useListActions();
  const { isOffline } = useLists();
  const { failure, isPending, run } = useRequest(useListFailure());
  const { title, listId } = wantedFields(entry.change);
  const list = useTrashedLists().find(({ id }) => id === listId);
  const again = () => tasks.changeQueue((queue) => retry(queue, entry));
  const giveUp = () => tasks.changeQueue((queue) => discard(queue, entry));
  const restoreList = async ({ id }: List) => {
    await restore(id);
    const { client } = tasks.options;
    // The list brings back what went to the trash with it.
    const params = { path: { id: tasks.idOf(entry.change.id) } };
    const isBack = await client.GET('/api/v1/tasks/{id}', { params }).then(
      () => true,
      () => false,
    );
    await (isBack ? giveUp() : again());
  };
  return (
    <>
      <p className={classes['text']}>{t('tasks.attention.placeInTrash', { title })}</p>
      <p className={classes['errors']} role="alert">
        {failure?.whole}
      </p>
      <div className={classes['buttons']}>
        {list && (
          <button
            type="button"
            className={classes['primary']}
            disabled={isPending || isOffline}
            onClick={() => void run(() => restoreList(list))}
          >
            {t('lists.trash.restore', { name: list.name })}
          </button>
        )}
        <button type="button" className={classes['secondary']} onClick={() => void again()}>
          {t('tasks.attention.retry')}
        </button>
        <button type="button" className={classes['secondary']} onClick={() => void giveUp()}>
          {t('tasks.attention.discard')}
        </button>
      </div>
    </>
  );
}
