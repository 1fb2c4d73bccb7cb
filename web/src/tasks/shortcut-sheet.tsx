import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, SHORTCUTS } from './shortcuts';
import classes from './attention-dialog.module.css';

const SAVE_KEYS = ['Ctrl+Enter'];
const MOVE_LIST_KEYS = ['Alt+ArrowUp', 'Alt+ArrowDown'];

/** Lists the keys of all commands. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const rows = [
    ...(Object.keys(SHORTCUTS) as Command[]).map((command) => ({
      text: t(`tasks.keys.${command}`),
      keys: SHORTCUTS[command],
    })),
    { text: t('tasks.keys.save'), keys: SAVE_KEYS },
    { text: t('tasks.keys.moveList'), keys: MOVE_LIST_KEYS },
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tasks.keys.title')}
      size="44rem"
      closeButtonProps={{ 'aria-label': t('tasks.message.dismiss') }}
    >
      <dl className={classes['keys']}>
        {rows.map(({ text, keys }) => (
          <div key={text} className={classes['key']}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key) => (
                <Key key={key} text={key} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

/** One key, several at once (`Ctrl+a`), or one after the other (`g t`). */
function Key({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const name = (key: string) =>
    t(`tasks.keys.names.${key}` as never, { defaultValue: key.toUpperCase() });
  const isSequence = text.length > 1 && text.includes(' ');
  const parts = text.length > 1 ? text.split(/[+ ]/) : [text];
  return (
    <span>
      {parts.map((part, i) => (
        <Fragment key={part}>
          {i > 0 && (isSequence ? ` ${t('tasks.keys.then')} ` : '+')}
          <kbd>{name(part)}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
