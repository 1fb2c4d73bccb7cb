import { type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterFields } from './filter-fields';
import { isFiltered, MAX_QUERY_LENGTH, type TaskSearch, unfiltered, type View } from './search';
import classes from './filter-bar.module.css';

interface FilterBarProps {
  readonly view: View;
  readonly search: TaskSearch;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly onChange: (search: TaskSearch) => void;
  readonly onLeave: () => void;
}

const DELAY_MS = 200;

/** Words to search for, and below them the filters and the sort; the address bar has them all. */
export function FilterBar({ view, search, searchRef, onChange, onLeave }: FilterBarProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { q: _, ...others } = search;
  return (
    <div className={classes['bar']}>
      <div className={classes['line']}>
        <SearchField search={search} inputRef={searchRef} onChange={onChange} onLeave={onLeave} />
        <button
          type="button"
          className={classes['toggle']}
          aria-expanded={isOpen}
          aria-controls="filters"
          data-active={isFiltered(view, others) || search.sort !== undefined}
          onClick={() => setOpen(!isOpen)}
        >
          {t('tasks.filter.open')}
        </button>
        {isFiltered(view, search) && (
          <button
            type="button"
            className={classes['toggle']}
            onClick={() => onChange(unfiltered(view, search))}
          >
            {t('tasks.filter.clear')}
          </button>
        )}
      </div>
      <div id="filters" className={classes['panel']} hidden={!isOpen}>
        {isOpen && <FilterFields view={view} search={search} onChange={onChange} />}
      </div>
    </div>
  );
}

type SearchFieldProps = Pick<FilterBarProps, 'search' | 'onChange' | 'onLeave'> & {
  readonly inputRef: FilterBarProps['searchRef'];
};

function SearchField({ search, inputRef, onChange, onLeave }: SearchFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const { q = '' } = search;
  // The address follows when the person pauses; until then, what was typed is shown.
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => {
      setTyped(undefined);
      if (typed === q) return;
      const { q: _, ...others } = search;
      onChange(typed.trim() === '' ? others : { ...others, q: typed });
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed, q, search, onChange]);
  return (
    <input
      ref={inputRef}
      type="search"
      className={classes['search']}
      aria-label={t('tasks.filter.search')}
      placeholder={t('tasks.filter.searchPlaceholder')}
      maxLength={MAX_QUERY_LENGTH}
      value={typed ?? q}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The field as it is seen: a key may come before what it led to is drawn.
        if (event.currentTarget.value !== '') {
          const { q: _, ...others } = search;
          setTyped(undefined);
          onChange(others);
          return;
        }
        // The row gets the focus a frame later, and the next key may be here before.
        event.currentTarget.blur();
        onLeave();
      }}
    />
  );
}
