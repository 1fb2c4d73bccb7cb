import { useTranslation } from 'react-i18next';
import { useRuleWords } from '../recurrence/use-rule-words';
import { dueText } from './due-text';
import type { Today } from './filter';
import type { Token } from './quick-add';
import { foldTag } from './tag-fold';
import type { TaskFields } from './task';
import classes from './quick-add-line.module.css';

interface QuickAddChipsProps {
  readonly fields: TaskFields;
  readonly today: Today;
  readonly tokens: readonly Token[];
  readonly onKeep: (text: string) => void;
}

interface Chip {
  readonly kind: Token['kind'];
  readonly text: string;
  readonly label: string;
  /** The words that it was read from; none if the view added it. */
  readonly words: string | undefined;
}

const tagOf = ({ text }: Token) => foldTag(text.replace(/^#"?|"$|[,.;:!?]+$/g, ''));

/** The parts of a new task that were understood; pressing one leaves its words in the title. */
export function QuickAddChips({ fields, today, tokens, onKeep }: QuickAddChipsProps) {
  const { t, i18n } = useTranslation();
  const { say } = useRuleWords();
  const { due, priority, recurrence, tags } = fields;
  const wordsOf = (kind: Token['kind']) => tokens.findLast((token) => token.kind === kind)?.text;
  const chips: Chip[] = tags.map((tag) => ({
    kind: 'tag',
    text: `#${tag}`,
    label: t('tasks.add.tag', { tag }),
    words: tokens.find((token) => token.kind === 'tag' && tagOf(token) === foldTag(tag))?.text,
  }));
  if (priority !== 'none') {
    const text = t(`tasks.priorities.${priority}`);
    const label = t('tasks.add.priority', { priority: text });
    chips.unshift({ kind: 'priority', text, label, words: wordsOf('priority') });
  }
  if (recurrence !== null) {
    const text = say(recurrence.rule);
    const label = t('recurrence.mark', { words: text });
    chips.unshift({ kind: 'repeat', text: `↻ ${text}`, label, words: wordsOf('repeat') });
  }
  if (due !== null) {
    const { text } = dueText(due, today, i18n.language);
    chips.unshift({
      kind: 'due',
      text,
      label: t('tasks.add.due', { due: text }),
      words: wordsOf('due'),
    });
  }
  return chips.map(({ kind, text, label, words }) =>
    words === undefined ? (
      <span key={kind + text} className={classes['chip']} data-kind={kind}>
        <span className="visually-hidden">{label}</span>
        <span aria-hidden="true">{text}</span>
      </span>
    ) : (
      <button
        key={kind + text}
        type="button"
        className={classes['chip']}
        data-kind={kind}
        aria-label={`${label}. ${t('tasks.add.keep', { text: words })}`}
        title={t('tasks.add.keep', { text: words })}
        onClick={() => onKeep(words)}
      >
        {text}
        <span aria-hidden="true">×</span>
      </button>
    ),
  );
}
