import { Drawer } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ListPanel } from './list-panel';
import { PanelDialogs } from './panel-dialogs';
import type { OnRemoved } from './remove-dialog';
import type { PanelRequest } from './panel-requests';
import { usePanel } from './use-panel';

interface ListDrawerProps {
  /** The request that opened it. */
  readonly request: PanelRequest;
  readonly onRemoved: OnRemoved;
  readonly onClose: () => void;
}

/** The lists over the page, until one is chosen. A dialog takes the place of the drawer for its time. */
export function ListDrawer({ request, onRemoved, onClose }: ListDrawerProps) {
  const { t } = useTranslation();
  const panel = usePanel(request);
  const { href } = useLocation();
  const [first] = useState(href);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (href !== first) close();
  }, [href, first]);
  return (
    <>
      <Drawer
        opened={panel.dialog === undefined}
        onClose={onClose}
        size="20rem"
        title={t('lists.title')}
        closeButtonProps={{ 'aria-label': t('lists.close') }}
      >
        <ListPanel panel={panel} isTitled={false} />
      </Drawer>
      <PanelDialogs panel={panel} onRemoved={onRemoved} />
    </>
  );
}
