import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Command, SHORTCUTS } from './shortcuts';
import classes from './attention-dialog.module.css';

const SAVE_KEYS = ['Ctrl+Enter'];

/** Lists the keys of all commands. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const name = (key: string) =>
    t(`tasks.keys.names.${key}` as never, { defaultValue: key.toUpperCase() });
  const rows = [
    ...(Object.keys(SHORTCUTS) as Command[]).map((command) => ({
      text: t(`tasks.keys.${command}`),
      keys: SHORTCUTS[command],
    })),
    { text: t('tasks.keys.save'), keys: SAVE_KEYS },
  ];
  const parts = (key: string) => (key.length > 1 ? key.split(/[+ ]/) : [key]);
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
                <span key={key}>
                  {parts(key).map((part) => (
                    <kbd key={part}>{name(part)}</kbd>
                  ))}{' '}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
