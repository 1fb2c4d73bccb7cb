import { join } from 'node:path';
import { serwist } from '@serwist/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Address of the API that the development server passes requests on to. */
const API = process.env['TASKWARD_URL'] ?? 'http://localhost:3000';

/** Returns names without the list of pages that share a chunk. */
const fileName =
  (extension: string) =>
  ({ name = '' }: { readonly name?: string }): string =>
    `assets/${name.split(/[~.]/, 1)[0] ?? ''}-[hash].${extension}`;

export default defineConfig({
  plugins: [
    react(),
    serwist({
      swSrc: join(import.meta.dirname, 'src/sw.ts'),
      swDest: 'sw.js',
      globDirectory: join(import.meta.dirname, 'dist'),
      globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
      // Most of the program's bytes, and of no use offline: a list of common passwords.
      globIgnores: ['**/password-strength-*.js'],
      injectionPoint: 'self.__SW_MANIFEST',
      rollupFormat: 'iife',
      mode: 'production',
      // Their names have a hash of their content.
      dontCacheBustURLsMatching: /^\/assets\//,
      manifestTransforms: [
        (entries) => ({
          manifest: entries.map((entry) => ({
            ...entry,
            url: entry.url === 'index.html' ? '/' : `/${entry.url}`,
          })),
        }),
      ],
    }),
  ],
  // The client's source, which is compiled with the rest.
  resolve: { conditions: ['@taskward/source', ...defaultClientConditions] },
  build: {
    target: 'es2024',
    assetsInlineLimit: 0,
    // The list of common passwords, which is loaded where a password is chosen.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        chunkFileNames: fileName('js'),
        assetFileNames: fileName('[ext]'),
        codeSplitting: {
          groups: [
            // A few files instead of dozens: over HTTP/1.1 each six of them take a round trip.
            { name: 'initial', tags: ['$initial'], priority: 1 },
            {
              name: 'shared',
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 50_000,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/health', '/.well-known', '/docs', '/openapi.json'].map((path) => [
        path,
        // Better Auth takes cookies from pages of the API's own origin.
        { target: API, headers: { origin: API } },
      ]),
    ),
  },
});
