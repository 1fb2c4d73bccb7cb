import { NavigationRoute, type PrecacheEntry, Serwist } from 'serwist';

/** The files of this version, which the build writes here. */
declare const self: { readonly __SW_MANIFEST: (PrecacheEntry | string)[] };

/** Paths of the API and its docs; every other page is the client's. */
const NOT_OF_THE_CLIENT = [
  /^\/(api|feeds|health|mcp|\.well-known)(\/|$)/,
  /^\/(docs|metrics|openapi\.json|llms\.txt)/,
];

// A new version waits until the person takes it (the message SKIP_WAITING), or all pages are closed.
const worker = new Serwist({
  precacheEntries: self.__SW_MANIFEST,
  precacheOptions: { cleanupOutdatedCaches: true },
  skipWaiting: false,
  clientsClaim: true,
});
worker.registerRoute(
  new NavigationRoute(worker.createHandlerBoundToUrl('/'), { denylist: NOT_OF_THE_CLIENT }),
);
worker.addEventListeners();
