import { lazy, Suspense } from 'react';
import { LoadingPage } from './loading-page';

const UnreachablePage = lazy(async () => {
  const { UnreachablePage: page } = await import('./unreachable-page');
  return { default: page };
});

/** Shows that the server cannot be reached; the page is loaded on demand. */
export function Unreachable() {
  return (
    <Suspense fallback={<LoadingPage />}>
      <UnreachablePage />
    </Suspense>
  );
}
