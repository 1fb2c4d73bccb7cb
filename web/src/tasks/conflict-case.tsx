import { useTranslation } from 'react-i18next';
import { wantedFields } from './change-fields';
import type { Change, Entry } from './change';
import type { Today } from './filter';
import { discard, overwrite, retry } from './queue';
import { FIELDS, isSameValue, type Task, type TaskFields } from './task';
import { useTasks } from './task-context';
import { useShownValue } from './use-shown-value';
import classes from './attention-dialog.module.css';

interface ConflictCaseProps {
  readonly entry: Entry;
  readonly current: Task | null;
  readonly today: Today;
}

/** A task that was changed here and elsewhere: both versions, and the choice between them. */
export function ConflictCase({ entry, current, today }: ConflictCaseProps) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const { queries } = tasks.options;
  const { change } = entry;
  const mine = wantedFields(change);
  const isDelete = change.kind === 'delete';
  const keepMine = () =>
    tasks.changeQueue((queue) =>
      current ? overwrite(queue, entry, current) : retry(queue, entry),
    );
  const keepTheirs = async () => {
    if (current) tasks.adopt(entry, current);
    await tasks.changeQueue((queue) => discard(queue, entry));
    if (current === null) await queries.invalidateQueries({ queryKey: ['tasks'] });
  };
  const name = isDelete ? 'conflictDelete' : current ? 'conflict' : 'conflictGone';
  return (
    <>
      <p className={classes['text']}>{t(`tasks.attention.${name}`, { title: mine.title })}</p>
      {current && change.kind === 'update' && (
        <Versions change={change} theirs={current} today={today} />
      )}
      <div className={classes['buttons']}>
        {current || isDelete ? (
          <button type="button" className={classes['primary']} onClick={() => void keepMine()}>
            {t(isDelete ? 'tasks.attention.deleteAnyway' : 'tasks.attention.keepMine')}
          </button>
        ) : (
          <button
            type="button"
            className={classes['primary']}
            onClick={() => void tasks.add(mine, { abandoned: entry })}
          >
            {t('tasks.attention.makeNew')}
          </button>
        )}
        <button type="button" className={classes['secondary']} onClick={() => void keepTheirs()}>
          {t(current ? 'tasks.attention.keepTheirs' : 'tasks.attention.discard')}
        </button>
      </div>
    </>
  );
}

interface VersionsProps {
  readonly change: Extract<Change, { kind: 'update' }>;
  readonly theirs: TaskFields;
  readonly today: Today;
}

/** Shows the outcome of either choice, for every field that was changed here or elsewhere. */
function Versions({ change: { base, patch }, theirs, today }: VersionsProps) {
  const { t } = useTranslation();
  const show = useShownValue(today);
  const mine = { ...theirs, ...patch };
  const fields = FIELDS.filter(
    (field) => field in patch || !isSameValue(base[field], theirs[field]),
  );
  return (
    <table className={classes['versions']}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('tasks.attention.mine')}</th>
          <th scope="col">{t('tasks.attention.theirs')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field} data-differs={!isSameValue(mine[field], theirs[field])}>
            <th scope="row">{t(`tasks.attention.fields.${field}`)}</th>
            <td dir="auto">{show(mine, field)}</td>
            <td dir="auto">{show(theirs, field)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
