import { afterAll, beforeAll, describe } from '@jest/globals';
import { AppModule } from '../../src/app.module.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, withOwner } from '../support/database.js';
import { CREATE_NOTE } from '../support/notes/note.entity.js';
import { NotesModule } from '../support/notes/notes.module.js';
import { describeResource } from '../support/resource-suites.js';
import { SECRET_MODE } from '../support/tokens.js';

/** Tasks, and the smallest resource that can be made of src/resource: both pass the same suites. */
describe('a resource', () => {
  const register = AppModule.register.bind(AppModule);
  let app: TestApp;

  beforeAll(async () => {
    const databaseUrl = await createDatabase();
    await withOwner(databaseUrl, (client) => client.query(CREATE_NOTE));
    AppModule.register = (...parameters) => {
      const module = register(...parameters);
      return { ...module, imports: [...(module.imports ?? []), NotesModule] };
    };
    app = await startApp({ ...SECRET_MODE, DATABASE_URL: databaseUrl });
  });
  afterAll(async () => {
    AppModule.register = register;
    await app.close();
  });

  describeResource(() => app.url, {
    path: '/api/v1/tasks',
    create: (title) => ({ title }),
    replace: (title) => ({
      title,
      description: null,
      completed: false,
      priority: 'none',
      due: null,
      tags: [],
    }),
  });

  describeResource(() => app.url, {
    path: '/api/v1/notes',
    create: (title) => ({ title }),
    replace: (title) => ({ title, text: null }),
  });
});
