import { join } from 'node:path';
import { serwist } from '@serwist/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Address of the API that the development server passes requests on to. */
const API = process.env['TASKWARD_URL'] ?? 'http://localhost:3000';

export default defineConfig({
  plugins: [
    react(),
    serwist({
      swSrc: join(import.meta.dirname, 'src/sw.ts'),
      swDest: 'sw.js',
      globDirectory: join(import.meta.dirname, 'dist'),
      globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
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
  build: { target: 'es2024', assetsInlineLimit: 0, manifest: true },
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
