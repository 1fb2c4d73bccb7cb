import type { List } from './list';
import { ListPanel } from './list-panel';
import { PanelDialogs } from './panel-dialogs';
import { usePanel } from './use-panel';

interface ListSidebarProps {
  /** Called after a list went to the trash. */
  readonly onRemoved: (list: List) => void;
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
