import { ApiProperty } from '@nestjs/swagger';
import { rule } from '../validation/index.js';
import { EXPORT_FORMATS, type ExportFormat } from './export-formats.js';

const NAMES = Object.keys(EXPORT_FORMATS) as ExportFormat[];

/** Query parameters of an export. */
export class ExportQuery {
  @ApiProperty({
    required: false,
    enum: NAMES,
    default: 'json',
    description:
      '`json` has everything that an import needs to make the same again. `csv` and `ics` have the tasks that are not in the trash.',
  })
  @rule(
    'one_of',
    (value) => NAMES.some((name) => name === value),
    `must be one of ${NAMES.join(', ')}, given once`,
  )
  format: ExportFormat = 'json';
}
