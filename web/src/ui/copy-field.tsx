import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from './notice';
import classes from './section.module.css';

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
}

/** Shows a secret, and copies it; where the browser refuses, it is selected for the keyboard. */
export function CopyField({ label, value }: CopyFieldProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>();
  useEffect(() => field.current?.focus(), []);
  const copy = async () => {
    try {
      // Missing without TLS, apart from localhost.
      await navigator.clipboard.writeText(value);
      setOutcome('copied');
    } catch {
      field.current?.focus();
      field.current?.select();
      setOutcome('notCopied');
    }
  };
  return (
    <>
      <div className={classes['copy']}>
        <TextInput
          ref={field}
          label={label}
          readOnly
          autoComplete="off"
          spellCheck={false}
          value={value}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onClick={() => void copy()}>{t('app.copy.button')}</Button>
      </div>
      {outcome && (
        <Notice kind={outcome === 'copied' ? 'info' : 'error'}>{t(`app.copy.${outcome}`)}</Notice>
      )}
    </>
  );
}
