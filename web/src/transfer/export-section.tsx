import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { localeOf } from '../i18n/locale';
import { Notice } from '../ui/notice';
import { Section } from '../ui/section';
import { useFailure } from '../ui/use-failure';
import { useRequest } from '../ui/use-request';
import { bytesText } from './bytes';
import { sendRequest } from './send-request';
import classes from '../ui/section.module.css';

const FORMATS = ['json', 'csv', 'ics'] as const;
type Format = (typeof FORMATS)[number];

/** Time that a browser has to begin to save a file. */
const SAVE_MS = 60_000;

/** Hands a file to the browser, as if it were downloaded. */
function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVE_MS);
}

/** Reads an export, which can be stopped, and saves it. */
function useExport(format: Format) {
  const { user } = useSession();
  const failureOf = useFailure({});
  const stop = useRef<AbortController>(null);
  const { failure, isPending, run } = useRequest((error) =>
    error instanceof DOMException && error.name === 'AbortError' ? undefined : failureOf(error),
  );
  const [bytes, setBytes] = useState(0);
  const [savedAs, setSavedAs] = useState<string>();
  useEffect(() => () => stop.current?.abort(), []);
  const start = () => {
    const controller = new AbortController();
    stop.current = controller;
    setBytes(0);
    setSavedAs(undefined);
    void run(async () => {
      const file = await sendRequest(user.id, {
        method: 'GET',
        path: `/api/v1/export?format=${format}`,
        onReceived: setBytes,
        signal: controller.signal,
      });
      const name = `taskward-${new Date().toISOString().slice(0, 10)}.${format}`;
      save(file, name);
      setBytes(file.size);
      setSavedAs(name);
    });
  };
  return { failure, isPending, bytes, savedAs, start, stop: () => stop.current?.abort() };
}

/** Downloads what the user has, in a format of their choice. */
export function ExportSection() {
  const { t, i18n } = useTranslation();
  const [format, setFormat] = useState<Format>('json');
  const { failure, isPending, bytes, savedAs, start, stop } = useExport(format);
  const size = bytesText(bytes, localeOf(i18n.language));
  return (
    <Section title={t('transfer.export.title')} help={t('transfer.export.help')}>
      <div className={classes['form']}>
        <NativeSelect
          label={t('transfer.format')}
          description={t(`transfer.export.formatHelp.${format}`)}
          value={format}
          disabled={isPending}
          onChange={(event) => setFormat(event.currentTarget.value as Format)}
          data={FORMATS.map((value) => ({
            value,
            label: t(`transfer.export.formats.${value}`),
          }))}
        />
        <div className={classes['buttons']}>
          <Button loading={isPending} onClick={start}>
            {t('transfer.export.download')}
          </Button>
          {isPending && (
            <Button variant="default" onClick={stop}>
              {t('app.cancel')}
            </Button>
          )}
        </div>
      </div>
      {failure !== undefined && <Notice kind="error">{failure}</Notice>}
      {isPending && bytes > 0 && (
        <p className={classes['help']}>{t('transfer.export.received', { size })}</p>
      )}
      {savedAs !== undefined && (
        <Notice>{t('transfer.export.saved', { name: savedAs, size })}</Notice>
      )}
    </Section>
  );
}
