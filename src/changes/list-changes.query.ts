import { DEFAULT_LIMIT, IsSentOnce, Limit, parameter } from '../resource/index.js';

/** Query parameters of a page of changes. */
export class ListChangesQuery {
  @parameter(
    {
      type: String,
      description: 'A token of your changes. Without it there is no data, only the token of now.',
    },
    IsSentOnce(),
  )
  since?: string;

  @Limit('Maximum number of changes on a page.')
  limit: number = DEFAULT_LIMIT;
}
