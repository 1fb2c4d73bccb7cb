import { useTranslation } from 'react-i18next';
import { useLists } from '../lists/use-lists';
import { useRuleWords } from '../recurrence/use-rule-words';
import { dueText } from './due-text';
import type { Today } from './filter';
import type { TaskFields } from './task';

/** Returns a function that writes a field's value for people. */
export function useShownValue(today: Today) {
  const { t, i18n } = useTranslation();
  const { lists } = useLists();
  const { say } = useRuleWords();
  return (fields: TaskFields, field: keyof TaskFields): string => {
    const { due, recurrence, priority, tags, completed, description, title, listId } = fields;
    const texts: Record<keyof TaskFields, string> = {
      title,
      description: description ?? '',
      completed: t(completed ? 'tasks.attention.yes' : 'tasks.attention.no'),
      priority: t(`tasks.priorities.${priority}`),
      due: due === null ? '' : dueText(due, today, i18n.language).text,
      recurrence: recurrence ? say(recurrence.rule) : '',
      tags: tags.map((tag) => `#${tag}`).join(' '),
      listId: lists?.find(({ id }) => id === listId)?.name ?? '',
    };
    return texts[field] || t('tasks.attention.nothing');
  };
}
