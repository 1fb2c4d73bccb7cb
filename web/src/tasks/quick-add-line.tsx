import { type KeyboardEvent, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { joinLines, keepAdding, type Line, LINE_DRAFT, restoreAdding } from './adding';
import { useDraft } from './drafts';
import { localeOf } from '../i18n/locale';
import type { Today } from './filter';
import type { ShownTask } from './overlay';
import { type LineWords, parseQuickAdd, type QuickAdd } from './quick-add';
import { ParentChip } from './parent-chip';
import { QuickAddChips } from './quick-add-chips';
import { fieldErrors } from './rules';
import { distinctTags } from './tag-fold';
import type { TaskFields } from './task';
import { useTasks } from './task-context';
import { useRuleText } from './use-rule-text';
import { useLatest } from './use-selection';
import classes from './quick-add-line.module.css';

interface QuickAddLineProps {
  readonly today: Today;
  /** Fields of a new task unless the line says otherwise: those that keep it in the view. */
  readonly defaults: Partial<TaskFields>;
  /** Task that new ones are subtasks of. */
  readonly parent: ShownTask | undefined;
  readonly onLeaveParent: () => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onLeave: () => void;
}

const PREPARE_AFTER_MS = 300;
const EMPTY: Line = { text: '', ignored: [] };
const NO_WORDS: LineWords = { findDue: () => undefined, findRepeat: () => undefined };

/** Loads the knowledge of dates. */
const loadLineWords = async () => (await import('./line-words')).lineWords;

/** Returns what finds dates, once it has been loaded: after the page, and before the first key. */
function useLineWords(): LineWords {
  const [words, setWords] = useState(NO_WORDS);
  useEffect(() => {
    // Compiles its patterns, too, which takes longer than a key may.
    const prepare = async () => {
      const loaded = await loadLineWords();
      const writer = { language: 'en', timeZone: 'UTC', now: new Date() };
      loaded.findDue('', writer);
      loaded.findRepeat('', writer);
      setWords(loaded);
    };
    const timer = setTimeout(() => void prepare().catch(() => undefined), PREPARE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return words;
}

function withDefaults({ fields }: QuickAdd, defaults: Partial<TaskFields>): TaskFields {
  return {
    ...fields,
    due: fields.due ?? defaults.due ?? null,
    priority: fields.priority === 'none' ? (defaults.priority ?? 'none') : fields.priority,
    tags: distinctTags([...fields.tags, ...(defaults.tags ?? [])]),
    listId: defaults.listId ?? null,
  };
}

/** The line as it is typed, and the task that it means. */
function useQuickAdd({ today, defaults, parent }: QuickAddLineProps) {
  const { i18n } = useTranslation();
  const tasks = useTasks();
  useState(() => restoreAdding(tasks.user));
  const [draft, setDraft] = useDraft<Line>(tasks.user, LINE_DRAFT);
  const latestDraft = useLatest(draft);
  const [isTried, setTried] = useState(false);
  const line = draft ?? EMPTY;
  const isEmpty = line.text.trim() === '';
  const parse = (words: LineWords) => {
    const { timeZone } = today;
    const writer = { language: localeOf(i18n.language), timeZone, now: new Date() };
    return parseQuickAdd(line.text, writer, words, new Set(line.ignored));
  };
  const parsed = parse(useLineWords());
  const fields = withDefaults(parsed, defaults);
  const broken = isEmpty ? [] : fieldErrors(fields);
  const submit = async () => {
    setTried(broken.length > 0);
    if (isEmpty || broken.length > 0) return;
    const forget = keepAdding(tasks.user, line);
    setDraft(undefined);
    // Written faster than the knowledge of dates arrived; without a network it may not come at all.
    const words = await loadLineWords().catch(() => NO_WORDS);
    const isStored = await tasks.add(withDefaults(parse(words), defaults), { parent });
    forget();
    if (!isStored) setDraft(joinLines([line, latestDraft.current ?? EMPTY]));
  };
  return {
    line,
    isEmpty,
    fields,
    tokens: parsed.tokens,
    // While a line is being written, its title may yet come.
    errors: broken.filter(({ code }) => isTried || code !== 'too_short'),
    write: (text: string) => setDraft(text === '' ? undefined : { ...line, text }),
    keep: (words: string) => setDraft({ ...line, ignored: [...line.ignored, words] }),
    submit: () => void submit(),
  };
}

/** Adds a task in one line of natural words, and shows what was understood before it is saved. */
export function QuickAddLine(props: QuickAddLineProps) {
  const { today, inputRef, onLeave, parent, onLeaveParent } = props;
  const { t } = useTranslation();
  const ruleText = useRuleText();
  const { line, isEmpty, fields, tokens, errors, write, keep, submit } = useQuickAdd(props);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      // The row gets the focus a frame later, and the next key may be here before.
      event.currentTarget.blur();
      onLeaveParent();
      onLeave();
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  };
  return (
    <div className={classes['add']}>
      <span className={classes['plus']} aria-hidden="true">
        +
      </span>
      <input
        ref={inputRef}
        dir="auto"
        className={classes['input']}
        aria-label={t('tasks.add.label')}
        aria-invalid={errors.length > 0}
        aria-describedby="quick-add-understood"
        placeholder={t('tasks.add.placeholder')}
        autoComplete="off"
        enterKeyHint="done"
        value={line.text}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {!isEmpty && (
        <button type="button" className={classes['submit']} onClick={submit}>
          {t('tasks.add.submit')}
        </button>
      )}
      <div id="quick-add-understood" className={classes['understood']} role="status">
        {errors.map((error) => (
          <span key={error.field} className={classes['error']}>
            {ruleText(error)}
          </span>
        ))}
        {parent && <ParentChip parent={parent} onLeave={onLeaveParent} />}
        {!isEmpty && <QuickAddChips fields={fields} today={today} tokens={tokens} onKeep={keep} />}
      </div>
    </div>
  );
}
