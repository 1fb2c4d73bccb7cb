import { buffer } from 'node:stream/consumers';
import { Problem } from '../problems/index.js';
import { MAX_FILE_BYTES } from './import-limits.js';
import type { ImportReport } from './import-report.js';

/** Files of an archive that are looked at for the one that is read. */
const MAX_ENTRIES = 10_000;

const SIGNATURE = Buffer.from('PK\u0003\u0004', 'latin1');

/** Whether bytes begin as a zip archive with at least one file does. */
export const isZip = (bytes: Uint8Array): boolean =>
  SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));

/**
 * Unpacks one file of a zip archive; refuses an archive that has none of that name, or is damaged. Nothing else is
 * unpacked, and the library ends with an error when a file is longer than its header says.
 *
 * @throws Problem `payload_too_large` for a file that is larger than an import may be.
 */
export async function readZipEntry(
  bytes: Uint8Array,
  name: string,
  report: ImportReport,
): Promise<Uint8Array> {
  // Loaded when it is needed, as the other libraries of imports are: it would make each start slower.
  const { fromBufferPromise } = await import('yauzl');
  try {
    const archive = await fromBufferPromise(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
    for await (const entry of archive.eachEntry()) {
      if (archive.entriesRead > MAX_ENTRIES) break;
      if (entry.fileName !== name) continue;
      if (entry.uncompressedSize > MAX_FILE_BYTES) throw tooLarge(name);
      return await buffer(await archive.openReadStreamPromise(entry));
    }
    report.refuse(1, 'zip', `The archive has no file ${name}.`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    report.refuse(1, 'zip', 'The file is a damaged zip archive, or an encrypted one.');
  }
  return new Uint8Array();
}

const tooLarge = (name: string) =>
  new Problem(
    'payload_too_large',
    `${name} in the archive is larger than ${String(MAX_FILE_BYTES)} bytes.`,
  );
