import { Button, TextInput } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ColorField } from './color-field';
import { type List, type ListFields, nameError } from './list';
import type { ListFailure } from './list-failure';
import classes from './lists.module.css';

interface ListFormProps {
  /** Absent for a new list. */
  readonly list?: List | undefined;
  readonly failure: ListFailure | undefined;
  readonly isPending: boolean;
  readonly isOffline: boolean;
  readonly onSubmit: (fields: Pick<ListFields, 'name' | 'color'>) => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Name and colour of a list. */
export function ListForm(props: ListFormProps) {
  const { list, failure, isPending, isOffline, onSubmit, onClose } = props;
  const { t } = useTranslation();
  const [name, setName] = useState(list?.name ?? '');
  const [color, setColor] = useState(list?.color ?? null);
  const [before] = useState(color);
  const [isTried, setTried] = useState(false);
  const code = nameError(name);
  const ruleText = (rule: string): string => t(`lists.rules.name.${rule}` as never);
  const isShown = code !== undefined && (isTried || code !== 'too_short');
  const broken = isShown ? ruleText(code) : undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (code === undefined && !isPending && !isOffline) onSubmit({ name: name.trim(), color });
  };
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      <TextInput
        label={t('lists.edit.name')}
        dir="auto"
        autoComplete="off"
        data-autofocus
        value={name}
        error={broken ?? failure?.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ColorField color={color} before={before} onChange={setColor} />
      {props.children}
      <p className={classes['error']} role="alert">
        {failure?.whole}
      </p>
      {isOffline && <p className={classes['help']}>{t('lists.offline')}</p>}
      <div className={classes['buttons']}>
        <Button type="submit" loading={isPending} disabled={isOffline}>
          {t(list ? 'lists.edit.save' : 'lists.edit.create')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('lists.edit.cancel')}
        </Button>
      </div>
    </form>
  );
}
