import type { PersonalToken } from '@taskward/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../auth/use-session';

const keyOf = (user: string) => ['tokens', user] as const;

/** Reads the personal tokens of the user, without the tokens themselves. */
export function useTokens() {
  const { user, client } = useSession();
  return useQuery({
    queryKey: keyOf(user.id),
    queryFn: async ({ signal }): Promise<readonly PersonalToken[]> =>
      (await client.GET('/api/v1/tokens', { signal })).data.data,
    // Without a connection it fails, and the page says so, instead of waiting for one.
    networkMode: 'always',
  });
}

/** Returns a function that reads the personal tokens again. */
export function useRefreshTokens(): () => void {
  const { user } = useSession();
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: keyOf(user.id) });
}
