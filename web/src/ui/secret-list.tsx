import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { ConfirmDialog } from './confirm-dialog';
import { Notice } from './notice';
import { Section } from './section';
import { useFailure } from './use-failure';
import classes from './section.module.css';

interface Item {
  readonly id: string;
}

/** Texts of a section of secrets; `name` stands for one of them. */
export interface SecretTexts {
  readonly title: string;
  readonly help: string;
  readonly none: string;
  readonly create: string;
  readonly revoke: string;
  readonly lifetime: string;
  readonly revokeOne: (name: string) => string;
  readonly revoked: (name: string) => string;
  readonly confirm: (name: string) => string;
  readonly confirmText: string;
}

interface SecretListProps<T extends Item> {
  readonly texts: SecretTexts;
  readonly items: readonly T[] | undefined;
  readonly error: Error | null;
  readonly nameOf: (item: T) => string;
  readonly render: (item: T) => ReactNode;
  readonly dialog: (onClose: () => void) => ReactNode;
  readonly revoke: (item: T) => Promise<unknown>;
  readonly refresh: () => void;
}

/** Lists secrets without themselves; creates and revokes them in dialogs. */
export function SecretList<T extends Item>(props: SecretListProps<T>) {
  const { texts, nameOf, refresh } = props;
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<T>();
  const [revoked, setRevoked] = useState<string>();
  const newButton = useRef<HTMLButtonElement>(null);
  const finish = (item: T) => {
    setRevoking(undefined);
    setRevoked(nameOf(item));
    // The button that opened the dialog is gone.
    newButton.current?.focus();
  };
  return (
    <Section title={texts.title} help={texts.help}>
      <Items {...props} onRevoke={setRevoking} />
      {revoked !== undefined && <Notice>{texts.revoked(revoked)}</Notice>}
      <Button ref={newButton} variant="default" onClick={() => setCreating(true)}>
        {texts.create}
      </Button>
      <p className={classes['help']}>{texts.lifetime}</p>
      {isCreating && props.dialog(() => setCreating(false))}
      {revoking && (
        <ConfirmDialog
          title={texts.confirm(nameOf(revoking))}
          text={texts.confirmText}
          button={texts.revoke}
          send={() => props.revoke(revoking).finally(refresh)}
          onDone={() => finish(revoking)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Section>
  );
}

function Items<T extends Item>(
  props: SecretListProps<T> & { readonly onRevoke: (item: T) => void },
) {
  const { texts, items, error, nameOf } = props;
  const failure = useFailure({})(error);
  if (items?.length === 0) return <p className={classes['help']}>{texts.none}</p>;
  return (
    <>
      {error && failure !== undefined && <Notice kind="error">{failure}</Notice>}
      <ul
        className={classes['items']}
        aria-label={texts.title}
        aria-busy={items === undefined && !error}
      >
        {items?.map((item) => (
          <li key={item.id} className={classes['item']}>
            <div>{props.render(item)}</div>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={texts.revokeOne(nameOf(item))}
              onClick={() => props.onRevoke(item)}
            >
              {texts.revoke}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
