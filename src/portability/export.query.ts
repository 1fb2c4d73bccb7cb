import { EXPORT_FORMATS, type ExportFormat } from './export-formats.js';
import { FormatName } from './format-parameter.js';

/** Query parameters of an export. */
export class ExportQuery {
  @FormatName({
    names: Object.keys(EXPORT_FORMATS),
    default: 'json',
    description:
      '`json` has everything that an import needs to make the same again. `csv` and `ics` have the tasks that are not in the trash.',
  })
  format: ExportFormat = 'json';
}
