import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMessage } from './action-message';
import { Attention } from './attention';
import { ConnectionLine } from './connection-line';
import { FilterBar } from './filter-bar';
import { ListState } from './list-state';
import { type OpenDialog, PageDialogs } from './page-dialogs';
import { QuickAddLine } from './quick-add-line';
import { isFiltered, type View } from './search';
import { SelectionBar } from './selection-bar';
import { TaskList } from './task-list';
import { useListCommands } from './use-list-commands';
import { defaultsOf, usePageFilter } from './use-page-filter';
import { useTaskList } from './use-task-list';
import classes from './task-page.module.css';

/** One view of the tasks: a line to add one, filters, and the list. */
export function TaskPage({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const { filter, setSearch } = usePageFilter(view);
  const { search, today } = filter;
  const list = useTaskList(filter);
  const addInput = useRef<HTMLInputElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const [dialog, openDialog] = useState<OpenDialog>();
  const rows = useListCommands({ view, list, today, addInput, searchInput, openDialog });
  const { tasks = [] } = list;
  const { focusList } = rows;
  useEffect(() => {
    document.title = `${t(`app.${view}`)} – ${t('app.name')}`;
  }, [t, view]);
  return (
    <div className={classes['page']}>
      <header className={classes['header']}>
        <h1>{t(`app.${view}`)}</h1>
        <FilterBar
          view={view}
          search={search}
          searchRef={searchInput}
          onChange={setSearch}
          onLeave={focusList}
        />
      </header>
      {view !== 'trash' && (
        <QuickAddLine
          today={today}
          defaults={defaultsOf(filter)}
          inputRef={addInput}
          onLeave={focusList}
        />
      )}
      <ConnectionLine isListOffline={list.isOffline} onRetry={list.refresh} />
      <Attention today={today} />
      {tasks.length > 0 && (
        <TaskList tasks={tasks} today={today} isTrash={view === 'trash'} {...rows.listProps} />
      )}
      <ListState list={list} view={view} isFiltered={isFiltered(search)} />
      {rows.selectionProps.count > 0 ? (
        <SelectionBar {...rows.selectionProps} />
      ) : (
        <ActionMessage filter={filter} />
      )}
      <Footer onClick={() => openDialog({ kind: 'keys' })} />
      <PageDialogs
        open={dialog}
        onDelete={rows.deleteForGood}
        onClose={() => openDialog(undefined)}
      />
    </div>
  );
}

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
