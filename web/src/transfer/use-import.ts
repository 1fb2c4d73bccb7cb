import { NetworkError, ProblemError, randomKey } from '@taskward/client';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { useFailure } from '../ui/use-failure';
import { useRequest } from '../ui/use-request';
import { type Format, guessFormat } from './guess-format';
import { sendRequest } from './send-request';

const MAX_BYTES = 20 * 1024 * 1024;

/** Something about a line of a file. */
export interface LineNote {
  readonly line: number;
  readonly code: string;
  readonly detail: string;
}

/** The numbers of what an import makes, and what it leaves out. */
export interface ImportResult {
  readonly made: { readonly lists: number; readonly tasks: number };
  readonly skipped: readonly LineNote[];
}

interface ImportFailure {
  readonly whole: string | undefined;
  readonly lines: readonly LineNote[];
}

/** A file, and what is known of it; another file or format begins anew. */
interface Chosen {
  readonly file: File;
  readonly format: Format;
  /** One for each import: sent again after a lost connection, it keeps anything from being made twice. */
  readonly key: string;
  readonly preview?: ImportResult;
  readonly result?: ImportResult;
}

/** Returns the lines that an import was refused for. */
const linesOf = (error: unknown): LineNote[] =>
  (error instanceof ProblemError ? error.errors : []).flatMap(({ line, code, detail }) =>
    line === undefined ? [] : [{ line, code, detail }],
  );

/** Returns whether the import may have been carried out, or may still be. */
const isUncertain = (error: unknown) =>
  error instanceof NetworkError ||
  (error instanceof ProblemError && (error.status === 409 || error.status >= 500));

function useImportFailure(): (error: unknown) => ImportFailure {
  const { t } = useTranslation();
  const failureOf = useFailure({ payload_too_large: t('transfer.import.tooLarge') });
  return (error) => {
    if (error instanceof RangeError) return { whole: t('transfer.import.tooLarge'), lines: [] };
    const lines = linesOf(error);
    if (lines.length > 0) return { whole: t('transfer.import.refused'), lines };
    const isLost = error instanceof NetworkError;
    return { whole: isLost ? t('transfer.import.lost') : failureOf(error), lines };
  };
}

/** @throws RangeError for a file that is too large, and as `sendRequest` */
async function sendFile(
  userId: string,
  { file, format, key }: Chosen,
  { dryRun, onSent }: { readonly dryRun: boolean; readonly onSent: (part: number) => void },
): Promise<ImportResult> {
  if (file.size > MAX_BYTES) throw new RangeError();
  const response = await sendRequest(userId, {
    method: 'POST',
    path: `/api/v1/import?format=${format}&dryRun=${String(dryRun)}`,
    headers: {
      'content-type': 'application/octet-stream',
      ...(!dryRun && { 'idempotency-key': key }),
    },
    body: file,
    onSent: (bytes) => onSent(file.size === 0 ? 1 : bytes / file.size),
  });
  return JSON.parse(await response.text()) as ImportResult;
}

/** Checks a file, and imports it. */
export function useImport() {
  const { user } = useSession();
  const queries = useQueryClient();
  const { failure, isPending, run } = useRequest(useImportFailure());
  const [chosen, setChosen] = useState<Chosen>();
  const [hasFailure, setHasFailure] = useState(false);
  /** Part of the file that has been sent. */
  const [sent, setSent] = useState(0);
  // The file that the person chose last: the format of another may still be guessed.
  const latest = useRef<File>(null);

  const begin = (file: File, format: Format) => {
    setHasFailure(false);
    setChosen({ file, format, key: randomKey() });
  };
  const choose = async (file: File | undefined) => {
    latest.current = file ?? null;
    setChosen(undefined);
    if (file === undefined) return;
    // A file that cannot be read is refused when it is sent.
    const format = await guessFormat(file).catch(() => 'taskward' as const);
    if (latest.current === file) begin(file, format);
  };
  const perform = async (dryRun: boolean) => {
    if (chosen === undefined) return;
    const error = await run(async () => {
      setSent(0);
      const result = await sendFile(user.id, chosen, { dryRun, onSent: setSent });
      setChosen({ ...chosen, ...(dryRun ? { preview: result } : { result }) });
    });
    setHasFailure(error !== undefined);
    // An answer is kept for its key, also a refusal.
    if (error !== undefined && !isUncertain(error)) setChosen({ ...chosen, key: randomKey() });
    if (!dryRun) void queries.invalidateQueries();
  };
  return {
    ...{ chosen, choose, begin, isPending, sent },
    failure: hasFailure ? failure : undefined,
    check: () => perform(true),
    start: () => perform(false),
  };
}
