import { type ComponentProps, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMessage } from './action-message';
import { Attention } from './attention';
import { ConnectionLine } from './connection-line';
import type { LocalFilter } from './filter';
import { FilterBar } from './filter-bar';
import { ListState } from './list-state';
import { ListTrash } from './list-trash';
import { PageHeading } from './page-heading';
import { type OpenDialog, PageDialogs } from './page-dialogs';
import { QuickAddLine } from './quick-add-line';
import { isFiltered, pageList, type View } from './search';
import { SelectionBar } from './selection-bar';
import { TaskList } from './task-list';
import type { Task } from './task';
import { useAddingBelow } from './use-adding-below';
import { useListCommands } from './use-list-commands';
import { defaultsOf, usePageFilter } from './use-page-filter';
import { usePageList } from './use-page-list';
import { useTaskList } from './use-task-list';
import classes from './task-page.module.css';

/** One view of the tasks: a line to add one, filters, and the list. */
export function TaskPage({ view }: { readonly view: View }) {
  const { filter, setSearch } = usePageFilter(view);
  const { search, today } = filter;
  const list = useTaskList(filter);
  const shown = usePageList(pageList(view, search));
  const addInput = useRef<HTMLInputElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const [dialog, openDialog] = useState<OpenDialog>();
  const { onAddSubtask, adding } = useAddingBelow(addInput);
  const inputs = { addInput, searchInput };
  const rows = useListCommands({ filter, list, ...inputs, openDialog, onAddSubtask });
  const { tasks = [] } = list;
  return (
    <div className={classes['page']}>
      <Header
        view={view}
        list={shown}
        search={search}
        searchRef={searchInput}
        onChange={setSearch}
        onLeave={rows.focusList}
      />
      {view !== 'trash' && !shown?.isGone && (
        <QuickAddLine
          today={today}
          defaults={defaultsOf(filter)}
          {...adding}
          onLeave={rows.focusList}
        />
      )}
      <ConnectionLine isListOffline={list.isOffline} onRetry={list.refresh} />
      <Attention today={today} />
      {view === 'trash' && <ListTrash />}
      {tasks.length > 0 && (
        <TaskList
          tasks={tasks}
          today={today}
          isTrash={view === 'trash'}
          shownList={search.list}
          {...rows.listProps}
        />
      )}
      <ListState
        list={list}
        view={view}
        isFiltered={isFiltered(view, search)}
        isGone={shown?.isGone === true}
      />
      <Bar selection={rows.selectionProps} filter={filter} known={list.known} />
      <Footer onClick={() => openDialog({ kind: 'keys' })} />
      <PageDialogs
        open={dialog}
        today={today}
        onDelete={rows.deleteForGood}
        onClose={() => openDialog(undefined)}
      />
    </div>
  );
}

type HeaderProps = ComponentProps<typeof FilterBar> & ComponentProps<typeof PageHeading>;

const Header = ({ list, ...props }: HeaderProps) => (
  <header className={classes['header']}>
    <PageHeading view={props.view} list={list} />
    <FilterBar {...props} />
  </header>
);

interface BarProps {
  readonly selection: ComponentProps<typeof SelectionBar>;
  readonly filter: LocalFilter;
  readonly known: readonly Task[];
}

/** The actions for the selected tasks, or a message about the last one. */
const Bar = ({ selection, ...message }: BarProps) =>
  selection.count > 0 ? <SelectionBar {...selection} /> : <ActionMessage {...message} />;

function Footer({ onClick }: { readonly onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <p className={classes['footer']}>
      <button type="button" className={classes['link']} onClick={onClick}>
        {t('tasks.keys.title')} <kbd>?</kbd>
      </button>
    </p>
  );
}
