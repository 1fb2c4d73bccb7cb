import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { Section } from '../ui/section';
import { type Format, FORMATS, NUMBERED } from './guess-format';
import { type ImportResult, type LineNote, useImport } from './use-import';
import classes from '../ui/section.module.css';

/** Lines that are shown; the rest is a number. */
const MAX_LINES = 50;

/** Checks a file, shows what would become of it, and imports it. */
export function ImportSection() {
  const { t } = useTranslation();
  const state = useImport();
  const { chosen, isPending, failure } = state;
  return (
    <Section title={t('transfer.import.title')} help={t('transfer.import.help')}>
      <div className={classes['form']}>
        <TextInput
          type="file"
          label={t('transfer.import.file')}
          accept=".json,.csv,.ics,.zip,.txt"
          disabled={isPending}
          onChange={(event) => void state.choose(event.currentTarget.files?.[0])}
        />
        {chosen && (
          <NativeSelect
            label={t('transfer.format')}
            value={chosen.format}
            disabled={isPending || chosen.result !== undefined}
            onChange={(event) => state.begin(chosen.file, event.currentTarget.value as Format)}
            data={FORMATS.map((value) => ({
              value,
              label: t(`transfer.import.formats.${value}`),
            }))}
          />
        )}
      </div>
      {failure?.whole !== undefined && <Notice kind="error">{failure.whole}</Notice>}
      {failure && <Lines {...chosen} title={t('transfer.import.errors')} lines={failure.lines} />}
      <Outcome {...state} />
      {isPending && <Sending sent={state.sent} />}
    </Section>
  );
}

/** The step that comes next, below what the previous one has shown. */
function Outcome({ chosen, isPending, check, start }: ReturnType<typeof useImport>) {
  const { t } = useTranslation();
  if (chosen === undefined) return null;
  const madeOf = ({ made }: ImportResult) => {
    const lists = t('transfer.import.lists', { count: made.lists });
    const tasks = t('transfer.import.tasks', { count: made.tasks });
    return t('transfer.import.both', { lists, tasks });
  };
  const { preview, result } = chosen;
  if (result) {
    return (
      <>
        <Notice>
          {t('transfer.import.done', { made: madeOf(result) })}{' '}
          <Link to="/all" search={{ list: undefined }}>
            {t('transfer.import.show')}
          </Link>
        </Notice>
        <Lines {...chosen} title={t('transfer.import.skipped')} lines={result.skipped} />
      </>
    );
  }
  return (
    <>
      {preview && (
        <>
          <Notice>{t('transfer.import.preview', { made: madeOf(preview) })}</Notice>
          <Lines {...chosen} title={t('transfer.import.skippedPreview')} lines={preview.skipped} />
        </>
      )}
      <div className={classes['buttons']}>
        {preview && (
          <Button loading={isPending} onClick={() => void start()}>
            {t('transfer.import.start')}
          </Button>
        )}
        {!preview && (
          <Button variant="default" loading={isPending} onClick={() => void check()}>
            {t('transfer.import.check')}
          </Button>
        )}
      </div>
    </>
  );
}

function Sending({ sent }: { readonly sent: number }) {
  const { t } = useTranslation();
  const isSent = sent >= 1;
  const text = t(isSent ? 'transfer.import.working' : 'transfer.import.sending');
  return (
    <div className={classes['form']} role="status">
      <progress
        className={classes['progress']}
        aria-label={text}
        {...(!isSent && { value: sent })}
      />
      <span className={classes['help']}>{text}</span>
    </div>
  );
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly LineNote[];
  readonly format?: Format;
}

/** Lines of the file, each with a reason. */
function Lines({ title, lines, format }: LinesProps) {
  const { t } = useTranslation();
  if (lines.length === 0) return null;
  const isNumbered = format !== undefined && NUMBERED.includes(format);
  const text = isNumbered ? 'transfer.import.entry' : 'transfer.import.line';
  const more = lines.length - MAX_LINES;
  return (
    <div>
      <p className={classes['text']}>{title}</p>
      <ul className={classes['lines']} aria-label={title}>
        {lines.slice(0, MAX_LINES).map(({ line, code, detail }, index) => (
          <li key={index}>
            {t(text, {
              line,
              // Codes that have no text here are explained by the server.
              detail: t(`transfer.import.notes.${code}` as never, { detail, defaultValue: detail }),
            })}
          </li>
        ))}
        {more > 0 && <li>{t('transfer.import.more', { count: more })}</li>}
      </ul>
    </div>
  );
}
