import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../embedded-postgres/index.js';

const TITLE = '-- Taskward backup, format 1';
const FOOTER = '-- sha256 of what is above: ';
/** Length of the last line. */
const FOOTER_BYTES = FOOTER.length + 64 + 1;
/** Line after the rows of a table, as `psql` expects it. */
const END_OF_ROWS = '\\.\n';
/** Size of the chunks in which rows are sent. */
const CHUNK_BYTES = 64 * 1024;

/** A backup that cannot be created or used. The message is for the person who ran the command. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Metadata of a backup. */
export interface BackupHeader {
  readonly createdAt: string;
  readonly taskward: string;
  readonly postgres: string;
  /** Migrations that created its tables, in order. */
  readonly migrations: readonly string[];
}

/** Rows of one table, in the text format of `COPY`. */
export interface TableRows {
  /** Schema and name, quoted for SQL. */
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
 * Writes a backup that only its owner can read. The file is renamed into place, replacing any
 * existing one, once it is complete and on disk.
 *
 * It is also a SQL script that `psql` runs in one transaction.
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
  /** Excludes the footer. */
  readonly bytes: number;
}

/** Reads the first two lines and the last. */
async function readEnds(file: string): Promise<Ends> {
  const handle = await open(file);
  try {
    const bytes = (await handle.stat()).size - FOOTER_BYTES;
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('utf8', 0, bytesRead);
    };
    const [title = '', about = ''] = (await read(0, CHUNK_BYTES)).split('\n');
    return { title, about, footer: await read(Math.max(bytes, 0), FOOTER_BYTES), bytes };
  } finally {
    await handle.close();
  }
}

/**
 * Reads the metadata of a backup after verifying its integrity.
 *
 * @throws BackupError when it is unreadable, incomplete, altered, or not a backup.
 */
export async function verifyBackup(file: string): Promise<BackupHeader> {
  const { title, about, footer, bytes } = await readEnds(file).catch((error: unknown) => {
    throw new BackupError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  if (!title.startsWith('-- Taskward backup')) {
    throw new BackupError(`${file} is not a backup of Taskward`);
  }
  if (title !== TITLE) {
    throw new BackupError(
      `${file} was created by another version of Taskward: restore it with that version`,
    );
  }
  if (!footer.startsWith(FOOTER)) {
    throw new BackupError(`${file} is incomplete: its end is missing. Use another backup`);
  }
  if (footer !== `${FOOTER}${await digest(file, bytes)}\n`) {
    throw new BackupError(`${file} has been altered: use another backup`);
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

async function* readRows(source: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  let rows: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { value: line } = await source.next();
    if (line === undefined) throw new BackupError('the rows of a table are truncated');
    if (line.length === END_OF_ROWS.length && line.toString() === END_OF_ROWS) break;
    rows.push(line);
    size += line.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(rows);
    [rows, size] = [[], 0];
  }
  yield Buffer.concat(rows);
}

/** Reads the tables of a backup one by one: read the rows of each before advancing. */
export async function* readTables(file: string): AsyncGenerator<TableRows> {
  const source = lines(file);
  for (;;) {
    const { value: line } = await source.next();
    if (line === undefined) return;
    const [, table, columns] = /^COPY (.+?) \((.+)\) FROM stdin;\n$/.exec(line.toString()) ?? [];
    if (table === undefined || columns === undefined) continue;
    yield { table, columns: columns.split(', '), rows: readRows(source) };
  }
}

/**
 * Restricts backups to the embedded database.
 *
 * @throws BackupError when another one is configured.
 */
export function assertEmbedded(databaseUrl: string | undefined): void {
  if (databaseUrl === undefined) return;
  throw new BackupError(
    'DATABASE_URL names your own PostgreSQL: use pg_dump and pg_restore, as shown in ' +
      'docs/operations.md, or unset it to use the embedded database in DATA_DIR',
  );
}
