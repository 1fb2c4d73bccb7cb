import { useTranslation } from 'react-i18next';
import { linksIn } from './notes';
import classes from './task-editor.module.css';

/** The links of a text, which is itself shown as text in its field. */
export function NoteLinks({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const links = linksIn(text);
  if (links.length === 0) return null;
  return (
    <ul className={classes['links']} aria-label={t('tasks.edit.links')}>
      {links.map((href) => (
        <li key={href}>
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {href}
          </a>
        </li>
      ))}
    </ul>
  );
}
