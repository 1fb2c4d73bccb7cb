import { useTranslation } from 'react-i18next';
import { useLists } from '../lists/use-lists';
import { sortOf } from './filter';
import {
  DUES,
  NO_LIST,
  pageList,
  parseSort,
  SORT_FIELDS,
  type SortField,
  STATUSES,
  statusOf,
  type TaskSearch,
  type View,
} from './search';
import { TagsField } from './tags-field';
import { PRIORITIES, type Priority } from './task';
import classes from './filter-bar.module.css';

interface FilterFieldsProps {
  readonly view: View;
  readonly search: TaskSearch;
  readonly onChange: (search: TaskSearch) => void;
}

const DUE_CHOICES = ['any', ...DUES] as const;
const DIRECTIONS = ['ascending', 'descending'] as const;

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { value: T; text: string }[];
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <label className={classes['field']}>
      <span className={classes['label']}>{label}</span>
      <select
        className={classes['select']}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as T)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Leaves out a filter that says no more than the view itself. */
function withFilter<K extends keyof TaskSearch>(
  search: TaskSearch,
  key: K,
  value: TaskSearch[K] | undefined,
): TaskSearch {
  const { [key]: _, ...others } = search;
  return value === undefined ? others : { ...others, [key]: value };
}

type SetFilter = <K extends keyof TaskSearch>(key: K, value: TaskSearch[K] | undefined) => void;

interface FieldsProps extends FilterFieldsProps {
  readonly set: SetFilter;
}

/** The filters and the sort of a list. */
export function FilterFields(props: FilterFieldsProps) {
  const { search, onChange } = props;
  const set: SetFilter = (key, value) => onChange(withFilter(search, key, value));
  return (
    <div className={classes['fields']}>
      <StateFields {...props} set={set} />
      <SortFields {...props} set={set} />
      {pageList(props.view, search) === undefined && <ListChoice {...props} set={set} />}
      <PriorityFields {...props} set={set} />
      <TagsField
        tags={search.tags ?? []}
        error={undefined}
        onChange={(tags) => set('tags', tags.length > 0 ? tags : undefined)}
      />
    </div>
  );
}

function StateFields({ view, search, set }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        label={t('tasks.filter.status')}
        value={statusOf(view, search)}
        choices={STATUSES.map((value) => ({ value, text: t(`tasks.filter.statuses.${value}`) }))}
        onChange={(value) => set('status', value)}
      />
      <Choice
        label={t('tasks.filter.due')}
        value={search.due ?? 'any'}
        choices={DUE_CHOICES.map((value) => ({ value, text: t(`tasks.filter.dues.${value}`) }))}
        onChange={(value) => set('due', value === 'any' ? undefined : value)}
      />
    </>
  );
}

function ListChoice({ search, set }: FieldsProps) {
  const { t } = useTranslation();
  const { lists = [] } = useLists();
  const { list = '' } = search;
  const choices = [
    { value: '', text: t('lists.any') },
    { value: NO_LIST, text: t('lists.none') },
    ...lists.map(({ id, name }) => ({ value: id, text: name })),
  ];
  if (!choices.some(({ value }) => value === list)) {
    choices.push({ value: list, text: t('lists.unknown') });
  }
  return (
    <Choice
      label={t('tasks.edit.list')}
      value={list}
      choices={choices}
      onChange={(value) => set('list', value === '' ? undefined : value)}
    />
  );
}

function SortFields({ view, search, set }: FieldsProps) {
  const { t } = useTranslation();
  const { field, isDescending } = parseSort(sortOf(view, search));
  const direction = isDescending ? 'descending' : 'ascending';
  const isMyOrder = field === 'position';
  const sortBy = (by: SortField, towards: (typeof DIRECTIONS)[number]) =>
    set('sort', towards === 'descending' && by !== 'position' ? `-${by}` : by);
  return (
    <>
      <Choice
        label={t('tasks.filter.sort')}
        value={field}
        choices={SORT_FIELDS.map((value) => ({ value, text: t(`tasks.filter.sorts.${value}`) }))}
        onChange={(by) => sortBy(by, direction)}
      />
      {!isMyOrder && (
        <Choice
          label={t('tasks.filter.direction')}
          value={direction}
          choices={DIRECTIONS.map((value) => ({
            value,
            text: t(`tasks.filter.directions.${value}`),
          }))}
          onChange={(towards) => sortBy(field, towards)}
        />
      )}
    </>
  );
}

function PriorityFields({ search, set }: FieldsProps) {
  const { t } = useTranslation();
  const { priority = [] } = search;
  const toggle = (choice: Priority) => {
    const chosen = PRIORITIES.filter((one) => priority.includes(one) !== (one === choice));
    set('priority', chosen.length > 0 ? chosen : undefined);
  };
  return (
    <fieldset className={classes['priorities']}>
      <legend className={classes['label']}>{t('tasks.filter.priority')}</legend>
      {PRIORITIES.map((choice) => (
        <label key={choice} className={classes['check']}>
          <input
            type="checkbox"
            checked={priority.includes(choice)}
            onChange={() => toggle(choice)}
          />
          {t(`tasks.priorities.${choice}`)}
        </label>
      ))}
    </fieldset>
  );
}
