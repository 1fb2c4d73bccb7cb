import { ApiProperty } from '@nestjs/swagger';
import { Flag } from '../resource/index.js';
import { rule } from '../validation/index.js';
import { IMPORT_FORMATS, type ImportFormat } from './import-formats.js';

const NAMES = Object.keys(IMPORT_FORMATS) as ImportFormat[];

/** Query parameters of an import. */
export class ImportQuery {
  @ApiProperty({
    required: false,
    enum: NAMES,
    default: 'taskward',
    description: 'Format of the file; `taskward` is the export as JSON, and `csv` has a header.',
  })
  @rule(
    'one_of',
    (value) => NAMES.some((name) => name === value),
    `must be one of ${NAMES.join(', ')}, given once`,
  )
  format: ImportFormat = 'taskward';

  @Flag({ description: 'Whether nothing is written: the response is the same.' })
  dryRun?: boolean;
}
