import type { Version } from '@taskward/client';
import { useTranslation } from 'react-i18next';
import { instantText } from '../tasks/due-text';
import type { Today } from '../tasks/filter';
import { EMPTY_FIELDS, FIELDS } from '../tasks/task';
import { useShownValue } from '../tasks/use-shown-value';
import classes from './history.module.css';

interface VersionItemProps {
  readonly version: Version;
  readonly today: Today;
  readonly isPresent: boolean;
  /** Absent while versions cannot be restored. */
  readonly onRestore: ((version: number) => void) | undefined;
}

type Author = Version['by'];

function useAuthorText() {
  const { t } = useTranslation();
  return ({ type, name }: Author) =>
    name === null
      ? t('history.by.unknown')
      : t(`history.by.${type === 'token' ? 'token' : 'session'}`, { name });
}

/** A version of a task: who made it, when, and the fields that it changed. */
export function VersionItem({ version: one, today, isPresent, onRestore }: VersionItemProps) {
  const { t, i18n } = useTranslation();
  const authorText = useAuthorText();
  const { version, at, type, by } = one;
  const kind = type.replace('task.', '') as 'updated';
  return (
    <li className={classes['version']}>
      <h3 className={classes['heading']}>{t(`history.types.${kind}`)}</h3>
      <p className={classes['note']}>
        <time dateTime={at}>{instantText(at, today.timeZone, i18n.language)}</time>{' '}
        <span dir="auto">{authorText(by)}</span>
        {' · '}
        {t('history.version', { version })}
      </p>
      <Changes version={one} today={today} />
      {isPresent && <p className={classes['note']}>{t('history.present')}</p>}
      {!isPresent && onRestore && (
        <button
          type="button"
          className={classes['button']}
          aria-label={t('history.restoreLabel', { version })}
          onClick={() => onRestore(version)}
        >
          {t('history.restore')}
        </button>
      )}
    </li>
  );
}

/** The fields of a version, as they were before and as they are with it. */
function Changes({
  version: { version, changes },
  today,
}: Pick<VersionItemProps, 'version' | 'today'>) {
  const { t } = useTranslation();
  const show = useShownValue(today);
  const fields = FIELDS.filter((field) => field in changes);
  const { parentId: parent } = changes;
  return (
    <dl className={classes['changes']}>
      {fields.map((field) => {
        const text = (value: unknown) =>
          show({ ...EMPTY_FIELDS, ...(value !== null && { [field]: value }) }, field);
        const { from, to } = changes[field] ?? {};
        return (
          <div key={field} className={classes['change']}>
            <dt>{t(`tasks.attention.fields.${field}`)}</dt>
            <dd dir="auto">
              {version > 1 && (
                <>
                  <del>{text(from)}</del> <span aria-hidden="true">→</span>
                  <span className="visually-hidden">{t('history.becomes')}</span>{' '}
                </>
              )}
              <ins>{text(to)}</ins>
            </dd>
          </div>
        );
      })}
      {parent && (
        <div className={classes['change']}>
          <dt>{t('tasks.edit.place')}</dt>
          <dd>{t(parent.to === null ? 'history.subtask.out' : 'history.subtask.below')}</dd>
        </div>
      )}
    </dl>
  );
}
