import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Queue } from './change';
import type { Today } from './filter';
import { useQueue, useTasks } from './task-context';
import classes from './task-page.module.css';

const AttentionDialog = lazy(async () => {
  const { AttentionDialog: dialog } = await import('./attention-dialog');
  return { default: dialog };
});

const failedOf = (queue: Queue) => queue.filter(({ failure }) => failure !== undefined);

const isWriting = () =>
  document.activeElement?.closest('input:not([type=checkbox]), textarea') !== null;

/** Shows that changes wait for the person; opens by itself unless they are writing. */
export function Attention({ today }: { readonly today: Today }) {
  const { t } = useTranslation();
  const { outbox } = useTasks().options;
  const failed = failedOf(useQueue());
  const [isOpen, setOpen] = useState(false);
  const count = failed.length;
  useEffect(() => {
    // Only new failures open the dialog; those of the last visit are announced.
    let seen = outbox.isLoaded() ? failedOf(outbox.snapshot()).length : Infinity;
    return outbox.subscribe(() => {
      const found = failedOf(outbox.snapshot()).length;
      if (found === 0) setOpen(false);
      else if (found > seen && !isWriting()) setOpen(true);
      seen = found;
    });
  }, [outbox]);
  return (
    <div role="status">
      {count > 0 && (
        <p className={classes['notice']} data-kind="danger">
          <span>{t('tasks.attention.banner', { count })}</span>
          <button type="button" className={classes['link']} onClick={() => setOpen(true)}>
            {t('tasks.attention.open')}
          </button>
        </p>
      )}
      {isOpen && count > 0 && (
        <Suspense>
          <AttentionDialog entries={failed} today={today} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
