import type { ImportResultDto } from '../../src/portability/import.dto.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { ApiResponse, TestUser } from './client.js';

/** An export as JSON. */
export interface ExportedFile {
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  readonly lists: readonly Readonly<Record<string, unknown>>[];
}

export const exportedText = async (user: TestUser, format = 'json'): Promise<string> => {
  const { body } = await user.api<unknown>(`/export?format=${format}`);
  return typeof body === 'string' ? body : JSON.stringify(body);
};

export const exportedFile = async (user: TestUser) =>
  JSON.parse(await exportedText(user)) as ExportedFile;

/** Sends a file as `application/octet-stream`, unless headers name another type. */
export const importFile = (
  user: Pick<TestUser, 'api'>,
  format: string,
  file: string,
  { dryRun = false, headers = {} }: { dryRun?: boolean; headers?: Record<string, string> } = {},
): Promise<ApiResponse<ImportResultDto & ProblemDto>> =>
  user.api(`/import?format=${format}&dryRun=${String(dryRun)}`, {
    method: 'POST',
    json: file,
    headers: { 'content-type': 'application/octet-stream', ...headers },
  });

/** Sends bytes, which may be no text. */
export async function importBytes(
  { url }: { url: string },
  user: TestUser,
  format: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ status: number; body: ImportResultDto & ProblemDto }> {
  const response = await fetch(`${url}/api/v1/import?format=${format}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${user.token}`,
      'content-type': 'application/octet-stream',
    },
    body: bytes,
  });
  return {
    status: response.status,
    body: (await response.json()) as ImportResultDto & ProblemDto,
  };
}

/** Returns errors of a refused import, as short lines. */
export const refusedLines = ({ status, body }: { status: number; body: ProblemDto }) => [
  status,
  ...(body.errors ?? []).map(({ line, code }) => `${String(line)} ${code}`),
];
