import { ListPanel } from './list-panel';
import { PanelDialogs } from './panel-dialogs';
import type { OnRemoved } from './remove-dialog';
import { usePanel } from './use-panel';

interface ListSidebarProps {
  readonly onRemoved: OnRemoved;
}

/** The lists beside the page. */
export function ListSidebar({ onRemoved }: ListSidebarProps) {
  const panel = usePanel();
  return (
    <>
      <ListPanel panel={panel} isTitled />
      <PanelDialogs panel={panel} onRemoved={onRemoved} />
    </>
  );
}
