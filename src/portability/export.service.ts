import { Injectable, StreamableFile } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { KeyedSemaphore } from '../common/index.js';
import { startedStream } from '../http/index.js';
import { ListsRepository } from '../lists/index.js';
import { countRefused } from '../metrics/index.js';
import { TasksRepository } from '../tasks/index.js';
import { EXPORT_FORMATS } from './export-formats.js';
import type { ExportQuery } from './export.query.js';
import { ExportedData } from './exported-data.js';

/** Exports that one user reads at a time: each holds a page or two in memory, for as long as it is read. */
const MAX_CONCURRENT = 2;

/** Exports of what a user has, as streams. */
@Injectable()
export class ExportService {
  readonly #slots = new KeyedSemaphore(MAX_CONCURRENT, 'Your other exports take too long.', () =>
    countRefused('exports'),
  );

  constructor(
    private readonly tasks: TasksRepository,
    private readonly lists: ListsRepository,
  ) {}

  /** @throws Problem `too_many_concurrent_requests`, or of the first page: later ones end the connection. */
  async export(user: AuthenticatedUser, { format }: ExportQuery): Promise<StreamableFile> {
    await this.#slots.acquire(user.id);
    const release = () => {
      this.#slots.release(user.id);
    };
    try {
      const { mediaType, write } = EXPORT_FORMATS[format];
      const data = new ExportedData(user.id, { tasks: this.tasks, lists: this.lists });
      const stream = await startedStream(write(data));
      stream.once('close', release);
      const day = new Date().toISOString().slice(0, 10);
      return new StreamableFile(stream, {
        type: `${mediaType}; charset=utf-8`,
        disposition: `attachment; filename="taskward-${day}.${format}"`,
      });
    } catch (error) {
      release();
      throw error;
    }
  }
}
