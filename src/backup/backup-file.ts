import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../embedded-postgres/index.js';

const TITLE = '-- Taskward backup, format 1';
const FOOTER = '-- sha256 of what is above: ';
/** Bytes of the last line. */
const FOOTER_LENGTH = FOOTER.length + 64 + 1;
/** The line after the rows of a table, as `psql` reads it. */
const END_OF_ROWS = '\\.\n';
/** Bytes of rows that are sent at once. */
const CHUNK = 64 * 1024;

/** A backup that cannot be made or used; the message is meant for the person who asked for it. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What a backup says about itself. */
export interface BackupHeader {
  readonly createdAt: string;
  readonly taskward: string;
  readonly postgres: string;
  /** The migrations that made its tables, in their order. */
  readonly migrations: readonly string[];
}

/** The rows of one table, in the text format of `COPY`. */
export interface TableRows {
  /** Schema and name, quoted as SQL wants them. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<Buffer>;
}

async function* script(
  header: BackupHeader,
  names: readonly string[],
  tables: Iterable<TableRows>,
): AsyncGenerator<string | Buffer> {
  yield `${TITLE}\n-- ${JSON.stringify(header)}\n`;
  yield "begin;\nset local client_encoding = 'UTF8';\nset local session_replication_role = replica;\n";
  yield `truncate ${names.join(', ')};\n`;
  for (const { table, columns, rows } of tables) {
    yield `COPY ${table} (${columns.join(', ')}) FROM stdin;\n`;
    yield* rows;
    yield END_OF_ROWS;
  }
  yield 'commit;\n';
}

async function* sealed(parts: AsyncIterable<string | Buffer>): AsyncGenerator<string | Buffer> {
  const hash = createHash('sha256');
  for await (const part of parts) {
    hash.update(part);
    yield part;
  }
  yield `${FOOTER}${hash.digest('hex')}\n`;
}

/**
 * Writes a backup, for its owner alone to read. It gets its name when it is whole and on disk, and
 * takes the place of one that is there; until then nothing has changed.
 *
 * It is a script of SQL as well, which `psql` runs in one transaction.
 */
export async function writeBackup(
  file: string,
  header: BackupHeader,
  names: readonly string[],
  tables: Iterable<TableRows>,
): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  const discard = () => {
    rmSync(draft, { force: true });
  };
  // For an exit that does not wait.
  process.once('exit', discard);
  try {
    const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => {
      throw new BackupError(`${file} cannot be written: ${messageOf(error)}`, { cause: error });
    });
    const parts = sealed(script(header, names, tables));
    await pipeline(parts, handle.createWriteStream({ flush: true }));
    await rename(draft, file);
  } finally {
    discard();
    process.removeListener('exit', discard);
  }
}

async function digest(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { end: bytes - 1 }), hash);
  return hash.digest('hex');
}

interface Ends {
  readonly title: string;
  readonly about: string;
  readonly footer: string;
  /** Of all but the footer. */
  readonly bytes: number;
}

/** The first two lines, and the last. */
async function endsOf(file: string): Promise<Ends> {
  const handle = await open(file);
  try {
    const bytes = (await handle.stat()).size - FOOTER_LENGTH;
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('utf8', 0, bytesRead);
    };
    const [title = '', about = ''] = (await read(0, CHUNK)).split('\n');
    return { title, about, footer: await read(Math.max(bytes, 0), FOOTER_LENGTH), bytes };
  } finally {
    await handle.close();
  }
}

/**
 * Reads what a backup says about itself, once it is known to be as it was written.
 *
 * @throws BackupError when it cannot be read, is not whole, was altered, or is none.
 */
export async function verifyBackup(file: string): Promise<BackupHeader> {
  const { title, about, footer, bytes } = await endsOf(file).catch((error: unknown) => {
    throw new BackupError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  if (!title.startsWith('-- Taskward backup')) {
    throw new BackupError(`${file} is not a backup of Taskward`);
  }
  if (title !== TITLE) {
    throw new BackupError(`${file} was made by another version of Taskward: restore it with that`);
  }
  if (!footer.startsWith(FOOTER)) {
    throw new BackupError(`${file} is not whole: its end is missing. Use another backup`);
  }
  if (footer !== `${FOOTER}${await digest(file, bytes)}\n`) {
    throw new BackupError(`${file} is not as it was written: use another backup`);
  }
  return JSON.parse(about.slice('-- '.length)) as BackupHeader;
}

async function* lines(file: string): AsyncGenerator<Buffer, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield bytes.subarray(start, end + 1);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}

async function* rowsOf(source: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  let rows: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { value: line } = await source.next();
    if (line === undefined) throw new BackupError('the rows of a table have no end');
    if (line.length === END_OF_ROWS.length && line.toString() === END_OF_ROWS) break;
    rows.push(line);
    size += line.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(rows);
    [rows, size] = [[], 0];
  }
  yield Buffer.concat(rows);
}

/** The tables of a backup in turn: the rows of one are to be read before the next is asked for. */
export async function* readTables(file: string): AsyncGenerator<TableRows> {
  const source = lines(file);
  for (;;) {
    const { value: line } = await source.next();
    if (line === undefined) return;
    const [, table, columns] = /^COPY (.+?) \((.+)\) FROM stdin;\n$/.exec(line.toString()) ?? [];
    if (table === undefined || columns === undefined) continue;
    yield { table, columns: columns.split(', '), rows: rowsOf(source) };
  }
}

/**
 * Backups here are of the embedded database.
 *
 * @throws BackupError when another one is in use.
 */
export function demandEmbedded(databaseUrl: string | undefined): void {
  if (databaseUrl === undefined) return;
  throw new BackupError(
    'DATABASE_URL names a PostgreSQL of yours: use pg_dump and pg_restore, as docs/operations.md ' +
      'shows, or unset it to mean the embedded database in DATA_DIR',
  );
}
