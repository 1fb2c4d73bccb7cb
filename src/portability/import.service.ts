import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import type { SentFile } from '../http/index.js';
import { ListsRepository } from '../lists/index.js';
import { Problem } from '../problems/index.js';
import type { Writer } from '../resource/index.js';
import { TasksRepository } from '../tasks/index.js';
import { checkDraft } from './check-draft.js';
import { IMPORT_FORMATS, type ImportFormat } from './import-formats.js';
import { assertCount } from './import-limits.js';
import { ImportReport } from './import-report.js';
import { type ImportRows, importRows } from './import-rows.js';
import type { ImportResultDto } from './import.dto.js';
import type { ImportQuery } from './import.query.js';
import { placeTasks } from './place-tasks.js';

const ANY_FILE = 'application/octet-stream';

/** Rows of one statement. */
const ROWS = 1_000;

/** @throws Problem `unsupported_media_type` */
function assertMediaType(format: ImportFormat, { mediaType = ANY_FILE }: SentFile): void {
  const accepted: readonly string[] = [...IMPORT_FORMATS[format].mediaTypes, ANY_FILE];
  if (accepted.includes(mediaType)) return;
  const detail = `Send ${accepted.join(' or ')} for format=${format}, not ${mediaType}.`;
  throw new Problem('unsupported_media_type', detail);
}

/** Imports of files: all of a file is made, or nothing. */
@Injectable()
export class ImportService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly lists: ListsRepository,
  ) {}

  /** @throws Problem `validation_failed`, `payload_too_large`, `unsupported_media_type` or `quota_exceeded` */
  async import(
    user: AuthenticatedUser,
    { format, dryRun = false }: ImportQuery,
    file: SentFile,
  ): Promise<ImportResultDto> {
    assertMediaType(format, file);
    const report = new ImportReport();
    const draft = await IMPORT_FORMATS[format].read(file.bytes, report);
    assertCount(Math.max(draft.tasks.length, draft.lists.length));
    const { lists, tasks } = await checkDraft(draft, report);
    const placed = placeTasks(lists, tasks, report);
    // New ids each time: a transaction that is retried writes its rows again.
    const write = () => this.#write(user, importRows(lists, placed));
    await this.tasks.transaction(user.id, write, { dry: dryRun });
    return { made: { lists: lists.length, tasks: placed.length }, skipped: report.skipped };
  }

  async #write(user: Writer, { lists, tasks }: ImportRows): Promise<void> {
    for (let at = 0; at < lists.length; at += ROWS)
      await this.lists.insert(user, lists.slice(at, at + ROWS));
    for (const group of tasks)
      for (let at = 0; at < group.length; at += ROWS)
        await this.tasks.insert(user, group.slice(at, at + ROWS));
  }
}
