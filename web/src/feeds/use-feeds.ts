import type { Feed } from '@taskward/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../auth/use-session';

const keyOf = (user: string) => ['feeds', user] as const;

/** Reads the calendar feeds of the user, without their addresses. */
export function useFeeds() {
  const { user, client } = useSession();
  return useQuery({
    queryKey: keyOf(user.id),
    queryFn: async ({ signal }): Promise<readonly Feed[]> =>
      (await client.GET('/api/v1/feeds', { signal })).data.data,
    // Without a connection it fails, and the page says so, instead of waiting for one.
    networkMode: 'always',
  });
}

/** Returns a function that reads the calendar feeds again. */
export function useRefreshFeeds(): () => void {
  const { user } = useSession();
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: keyOf(user.id) });
}
