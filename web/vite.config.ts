import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Address of the API that the development server passes requests on to. */
const API = process.env['TASKWARD_URL'] ?? 'http://localhost:3000';

export default defineConfig({
  plugins: [react()],
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
