import { useTranslation } from 'react-i18next';
import { wantedFields } from './change-fields';
import type { Entry } from './change';
import { discard, retry } from './queue';
import { useTasks } from './task-context';
import classes from './attention-dialog.module.css';

/** A new task that the server may have: only the person can tell whether it is to be added again. */
export function UncertainCase({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const { title } = wantedFields(entry.change);
  return (
    <>
      <p className={classes['text']}>{t('tasks.attention.uncertain', { title })}</p>
      <div className={classes['buttons']}>
        <button
          type="button"
          className={classes['primary']}
          onClick={() => void tasks.changeQueue((queue) => retry(queue, entry))}
        >
          {t('tasks.attention.addAgain')}
        </button>
        <button
          type="button"
          className={classes['secondary']}
          onClick={() => void tasks.changeQueue((queue) => discard(queue, entry))}
        >
          {t('tasks.attention.discard')}
        </button>
      </div>
    </>
  );
}
