import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ListDot } from '../lists/list-dot';
import type { View } from './search';
import type { PageList } from './use-page-list';
import classes from './task-page.module.css';

interface PageHeadingProps {
  readonly view: View;
  readonly list: PageList | undefined;
}

/** Names the page, in its heading and in the tab of the browser. */
export function PageHeading({ view, list: shown }: PageHeadingProps) {
  const { t } = useTranslation();
  const list = shown?.list;
  const fallback = shown ? t(shown.isGone ? 'lists.gone' : 'lists.one') : t(`app.${view}`);
  const name = list?.name ?? fallback;
  useEffect(() => {
    document.title = `${name} – ${t('app.name')}`;
  }, [t, name]);
  return (
    <h1 className={classes['heading']} dir="auto">
      {list && <ListDot color={list.color} />}
      {name}
    </h1>
  );
}
