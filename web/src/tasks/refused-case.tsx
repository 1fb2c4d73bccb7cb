import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wantedFields } from './change-fields';
import type { Entry } from './change';
import { ListField } from './list-field';
import { discard, mend, retry } from './queue';
import { fieldErrors } from './rules';
import { changedFields, type TaskFields } from './task';
import { useTasks } from './task-context';
import { useRuleText } from './use-rule-text';
import classes from './attention-dialog.module.css';

interface RefusedCaseProps {
  readonly entry: Entry;
}

/** Returns the actions that resolve a refused change. */
function useWaysOn(entry: Entry, patch: Partial<TaskFields>) {
  const tasks = useTasks();
  const { change } = entry;
  const wanted = wantedFields(change);
  return {
    discard: () => void tasks.changeQueue((queue) => discard(queue, entry)),
    again: () =>
      void tasks.changeQueue((queue) =>
        Object.keys(changedFields(wanted, patch)).length === 0
          ? retry(queue, entry)
          : mend(queue, entry, patch),
      ),
    makeNew: () => void tasks.add({ ...wanted, ...patch }, { abandoned: entry }),
  };
}

/** A change that the server refused: the reason, the title to mend, and the ways on. */
export function RefusedCase({ entry }: RefusedCaseProps) {
  const { t } = useTranslation();
  const ruleText = useRuleText();
  const { change, failure } = entry;
  const wanted = wantedFields(change);
  const [patch, setPatch] = useState<Partial<TaskFields>>({});
  const { title, listId } = { ...wanted, ...patch };
  const ways = useWaysOn(entry, patch);
  if (failure?.kind !== 'refused') return null;
  const isBroken = fieldErrors({ title }).length > 0;
  const isGone = failure.status === 404 && change.kind === 'update';
  return (
    <>
      <p className={classes['text']}>
        {t('tasks.attention.refused', { title: wanted.title, detail: failure.detail })}
      </p>
      <ul className={classes['errors']}>
        {failure.errors.map((error) => (
          <li key={error.field + error.code}>
            {t(`tasks.attention.fields.${error.field}`)}: {ruleText(error)}
          </li>
        ))}
      </ul>
      {failure.errors.some(({ field }) => field === 'title') && (
        <input
          className={classes['input']}
          dir="auto"
          aria-label={t('tasks.edit.title')}
          aria-invalid={isBroken}
          value={title}
          onChange={(event) => setPatch({ ...patch, title: event.currentTarget.value })}
        />
      )}
      {failure.errors.some(({ field }) => field === 'listId') && (
        <ListField
          listId={listId}
          isSubtask={false}
          error={undefined}
          onChange={(chosen) => setPatch({ ...patch, listId: chosen })}
        />
      )}
      <div className={classes['buttons']}>
        <button
          type="button"
          className={classes['primary']}
          disabled={isBroken}
          onClick={isGone ? ways.makeNew : ways.again}
        >
          {t(isGone ? 'tasks.attention.makeNew' : 'tasks.attention.retry')}
        </button>
        <button type="button" className={classes['secondary']} onClick={ways.discard}>
          {t('tasks.attention.discard')}
        </button>
      </div>
    </>
  );
}
