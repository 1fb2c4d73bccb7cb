import { Drawer } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ListPanel, type ListPanelProps } from './list-panel';

interface ListDrawerProps extends ListPanelProps {
  readonly onClose: () => void;
}

/** The lists over the page, until one is chosen. */
export function ListDrawer({ onClose, ...props }: ListDrawerProps) {
  const { t } = useTranslation();
  const { href } = useLocation();
  const [first] = useState(href);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (href !== first) close();
  }, [href, first]);
  return (
    <Drawer
      opened
      onClose={onClose}
      size="20rem"
      aria-label={t('lists.title')}
      closeButtonProps={{ 'aria-label': t('lists.close') }}
    >
      <ListPanel {...props} />
    </Drawer>
  );
}
