import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { distinctTags } from './tag-fold';
import classes from './task-editor.module.css';

interface TagsFieldProps {
  readonly tags: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (tags: string[]) => void;
}

/** Adds the words of a field to tags, once each. */
const withTag = (tags: readonly string[], text: string): string[] => {
  const tag = text.trim().replace(/^#/, '').trim();
  return tag === '' ? [...tags] : distinctTags([...tags, tag]);
};

/** The tags of a task, each of which can be removed, and a field for another. */
export function TagsField({ tags, error, onChange }: TagsFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const id = useId();
  const add = () => {
    onChange(withTag(tags, text));
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' || event.key === ',') && text.trim() !== '') {
      event.preventDefault();
      event.stopPropagation();
      add();
    }
    if (event.key === 'Backspace' && text === '') onChange(tags.slice(0, -1));
  };
  return (
    <div className={classes['tags']}>
      <label htmlFor={id} className={classes['label']}>
        {t('tasks.edit.tags')}
      </label>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className={classes['chip']}
          aria-label={t('tasks.edit.removeTag', { tag })}
          onClick={() => onChange(tags.filter((other) => other !== tag))}
        >
          #{tag} <span aria-hidden="true">×</span>
        </button>
      ))}
      <input
        id={id}
        className={classes['tagInput']}
        placeholder={tags.length === 0 ? t('tasks.edit.tagsHelp') : ''}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
      />
      {error !== undefined && (
        <p id={`${id}-error`} className={classes['error']}>
          {error}
        </p>
      )}
    </div>
  );
}
