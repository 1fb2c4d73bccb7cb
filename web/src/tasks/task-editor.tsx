import {
  type KeyboardEvent,
  lazy,
  type SubmitEvent,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { PlaceButtons } from './place-buttons';
import { editName, forgetEdit, useDraft } from './drafts';
import { DueField } from './due-field';
import { EditorButtons } from './editor-buttons';
import type { Today } from './filter';
import { ListField } from './list-field';
import { NoteLinks } from './note-links';
import type { ShownTask } from './overlay';
import { PriorityField } from './priority-field';
import { fieldErrors } from './rules';
import { TagsField } from './tags-field';
import { editedTask, fieldsOf, isNew, isSameValue, type TaskFields } from './task';
import type { RowCommands } from './task-row';
import { useTasks } from './task-context';
import { dayOf } from './zone';
import { useClickElsewhere } from './use-click-elsewhere';
import { useRuleText } from './use-rule-text';
import classes from './task-editor.module.css';

export interface TaskEditorProps {
  readonly task: ShownTask;
  readonly today: Today;
  /** Called when the person is done; the row gets the focus. */
  readonly onClose: () => void;
  /** Called when the person has gone on to something else. */
  readonly onLeave: () => void;
  readonly commands: RowCommands;
}

const RecurrenceField = lazy(async () => {
  const { RecurrenceField: field } = await import('../recurrence/recurrence-field');
  return { default: field };
});

const MIN_ROWS = 2;
const MAX_ROWS = 12;

type Fields = Omit<TaskFields, 'completed'>;

/** An edit that is not saved, with the task that it began with. */
interface Draft {
  readonly before: ShownTask;
  readonly fields: Fields;
}

function editableFields(task: ShownTask): Fields {
  const { completed: _, ...fields } = fieldsOf(task);
  return fields;
}

/** The fields as they are typed, which outlive a reload. */
function useTaskDraft({ task, onClose, onLeave }: TaskEditorProps) {
  const tasks = useTasks();
  const [draft, keepDraft] = useDraft<Draft>(tasks.user, editName(tasks.idOf(task.id)));
  // The task may change below: what the person began with is what their edit is compared to.
  const [begun] = useState(draft?.before ?? task);
  const fields = { ...editableFields(begun), ...draft?.fields };
  const broken = fieldErrors(fields);
  const close = () => {
    keepDraft(undefined);
    onClose();
  };
  const save = async (after: () => void) => {
    if (broken.length > 0) return;
    const { title, description } = fields;
    const notes = description?.trim() === '' ? null : description;
    const saving = tasks.edit(editedTask(begun, task), {
      ...fields,
      title: title.trim(),
      description: notes,
    });
    after();
    if (!(await saving)) return;
    keepDraft(undefined);
    // The server may have given the task its id meanwhile.
    forgetEdit(tasks.user, tasks.idOf(task.id));
  };
  const refused =
    task.failure?.kind === 'refused' && draft === undefined ? task.failure.errors : [];
  return {
    fields,
    errors: [...broken, ...refused],
    isBroken: broken.length > 0,
    change: (patch: Partial<Fields>) =>
      keepDraft({ before: begun, fields: { ...fields, ...patch } }),
    close,
    save: () => void save(onClose),
    leave: () => void save(onLeave),
  };
}

const dayOfDue = (due: string, timeZone: string) =>
  due.length > 10 ? dayOf(new Date(due), timeZone) : due;

/** Returns the task if the server has its due and recurrence as they are typed. */
const storedTask = (task: ShownTask, { due, recurrence }: Fields): ShownTask | undefined =>
  !isNew(task) && task.due === due && isSameValue(task.recurrence, recurrence) ? task : undefined;

/** Edits a task in its place; a click elsewhere saves the edit, and Escape gives it up. */
export function TaskEditor(props: TaskEditorProps) {
  const { t } = useTranslation();
  const ruleText = useRuleText();
  const { editing } = useTasks();
  useEffect(() => editing.add(props.task.id), [editing, props.task.id]);
  const form = useRef<HTMLFormElement>(null);
  const { fields, errors, isBroken, change, close, save, leave } = useTaskDraft(props);
  useClickElsewhere(form, leave);
  const errorOf = (field: keyof TaskFields) => {
    const error = errors.find((one) => one.field === field);
    return error && ruleText(error);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    save();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  return (
    <form
      ref={form}
      className={classes['editor']}
      aria-label={t('tasks.edit.label')}
      onSubmit={onSubmit}
      onKeyDown={onKeyDown}
      noValidate
    >
      <TextFields fields={fields} errorOf={errorOf} onChange={change} />
      <DateFields {...props} fields={fields} errorOf={errorOf} onChange={change} />
      <PriorityField priority={fields.priority} onChange={(priority) => change({ priority })} />
      <ListField
        listId={fields.listId}
        isSubtask={props.task.parentId !== null}
        error={errorOf('listId')}
        onChange={(listId) => change({ listId })}
      />
      <TagsField tags={fields.tags} error={errorOf('tags')} onChange={(tags) => change({ tags })} />
      <PlaceButtons task={props.task} commands={props.commands} />
      <EditorButtons {...props} isBroken={isBroken} onCancel={close} />
    </form>
  );
}

interface TextFieldsProps {
  readonly fields: Fields;
  readonly errorOf: (field: keyof TaskFields) => string | undefined;
  readonly onChange: (patch: Partial<Fields>) => void;
}

function TextFields({ fields, errorOf, onChange }: TextFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const title = useRef<HTMLInputElement>(null);
  const text = fields.description ?? '';
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <input
        ref={title}
        dir="auto"
        className={classes['title']}
        aria-label={t('tasks.edit.title')}
        aria-invalid={errorOf('title') !== undefined}
        aria-describedby={`${id}-title`}
        autoComplete="off"
        value={fields.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <p id={`${id}-title`} className={classes['error']}>
        {errorOf('title')}
      </p>
      <textarea
        dir="auto"
        className={classes['notes']}
        aria-label={t('tasks.edit.notes')}
        aria-invalid={errorOf('description') !== undefined}
        aria-describedby={`${id}-notes`}
        placeholder={t('tasks.edit.notesPlaceholder')}
        rows={Math.min(Math.max(text.split('\n').length, MIN_ROWS), MAX_ROWS)}
        value={text}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <p id={`${id}-notes`} className={classes['error']}>
        {errorOf('description')}
      </p>
      <NoteLinks text={text} />
    </>
  );
}

type DateFieldsProps = TextFieldsProps & Pick<TaskEditorProps, 'task' | 'today'>;

/** The due, and how the task repeats from there on. */
function DateFields({ task, today, fields, errorOf, onChange }: DateFieldsProps) {
  const { due, recurrence } = fields;
  return (
    <>
      <DueField
        due={due}
        today={today}
        error={errorOf('due')}
        // Without a due, nothing repeats.
        onChange={(day) => onChange({ due: day, ...(day === null && { recurrence: null }) })}
      />
      <Suspense>
        <RecurrenceField
          recurrence={recurrence}
          day={due === null ? undefined : dayOfDue(due, today.timeZone)}
          timeZone={today.timeZone}
          task={storedTask(task, fields)}
          error={errorOf('recurrence')}
          onChange={(chosen) => onChange({ recurrence: chosen, due: due ?? today.day })}
        />
      </Suspense>
    </>
  );
}
