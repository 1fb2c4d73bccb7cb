import { IsSentOnce, parameter } from '../resource/index.js';

/** Query parameters of a stream of changes. */
export class StreamChangesQuery {
  @parameter(
    {
      type: String,
      description: 'A token of your changes to go on from; `Last-Event-ID` takes precedence.',
    },
    IsSentOnce(),
  )
  since?: string;
}
