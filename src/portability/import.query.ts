import { Flag } from '../resource/index.js';
import { IMPORT_FORMATS, type ImportFormat } from './import-formats.js';
import { FormatName } from './format-parameter.js';

/** Query parameters of an import. */
export class ImportQuery {
  @FormatName({
    names: Object.keys(IMPORT_FORMATS),
    default: 'taskward',
    description:
      'Format of the file: `taskward` is the export as JSON, `todoist-csv` the template of a project, `google-tasks` the `Tasks.json` of Google Takeout, `vikunja` the archive of an export, `ics` has to-dos, and `csv` has a header.',
  })
  format: ImportFormat = 'taskward';

  @Flag({ description: 'Whether nothing is written: the response is the same.' })
  dryRun?: boolean;
}
