import { useTranslation } from 'react-i18next';
import classes from '../tasks/task-row.module.css';
import { useRuleWords } from './use-rule-words';

/** Shows that a task repeats, and how. */
export function RecurrenceMark({ rule }: { readonly rule: string }) {
  const { t } = useTranslation();
  const { say } = useRuleWords();
  const text = t('recurrence.mark', { words: say(rule) });
  return (
    <span className={classes['notes']} title={text}>
      <span aria-hidden="true">↻</span>
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
