import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onListsRequest, type PanelRequest } from '../lists/panel-requests';
import { useListUndo } from '../tasks/use-list-undo';
import { ListsIcon } from '../ui/icons';
import classes from './shell.module.css';

const ListSidebar = lazy(async () => {
  const { ListSidebar: sidebar } = await import('../lists/list-sidebar');
  return { default: sidebar };
});
const ListDrawer = lazy(async () => {
  const { ListDrawer: drawer } = await import('../lists/list-drawer');
  return { default: drawer };
});

const useIsPhone = () =>
  useMediaQuery('(max-width: 48rem)', undefined, { getInitialValueInEffect: false });

/** The lists in the navigation; on a phone, a button that opens them over the page. */
export function ListNavigation() {
  const isPhone = useIsPhone();
  const onRemoved = useListUndo();
  if (isPhone) return <DrawerButton />;
  return (
    <li className={classes['lists']}>
      <Suspense>
        <ListSidebar onRemoved={onRemoved} />
      </Suspense>
    </li>
  );
}

function DrawerButton() {
  const { t } = useTranslation();
  const onRemoved = useListUndo();
  const [request, setRequest] = useState<PanelRequest>();
  useEffect(() => onListsRequest(setRequest), []);
  return (
    <li>
      <button
        type="button"
        className={classes['link']}
        aria-haspopup="dialog"
        onClick={() => setRequest('focus')}
      >
        <ListsIcon />
        <span className={classes['text']}>{t('lists.open')}</span>
      </button>
      {request && (
        <Suspense>
          <ListDrawer
            request={request}
            onRemoved={(...removed) => {
              // The message about it is below the drawer.
              setRequest(undefined);
              onRemoved(...removed);
            }}
            onClose={() => setRequest(undefined)}
          />
        </Suspense>
      )}
    </li>
  );
}
