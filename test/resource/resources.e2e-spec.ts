import { MikroOrmModule } from '@mikro-orm/nestjs';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { AppModule } from '../../src/app.module.js';
import { Change, ChangeCounter } from '../../src/changes/change.entity.js';
import { Feed } from '../../src/feeds/feed.entity.js';
import { IdempotencyKey } from '../../src/idempotency/idempotency-key.entity.js';
import { List } from '../../src/lists/list.entity.js';
import { Usage } from '../../src/resource/usage.entity.js';
import { Task } from '../../src/tasks/task.entity.js';
import { PersonalToken } from '../../src/tokens/personal-token.entity.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, withOwner } from '../support/database.js';
import { describeResource } from '../support/resource-suites.js';
import { CREATE_NOTE, Note } from '../support/notes/note.entity.js';
import { NotesModule } from '../support/notes/notes.module.js';
import { SECRET_MODE } from '../support/tokens.js';

const SHIPPED = [Task, List, Change, ChangeCounter, Usage, IdempotencyKey, PersonalToken, Feed];

/** Tasks, lists, and the smallest resource that can be made of src/resource: all pass the same suites. */
describe('a resource', () => {
  const register = AppModule.register.bind(AppModule);
  let app: TestApp;

  beforeAll(async () => {
    // Once an app was closed, the next call clears the entities of the earlier ones.
    MikroOrmModule.forFeature([...SHIPPED, Note]);
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
    MikroOrmModule.forFeature(SHIPPED);
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
    path: '/api/v1/lists',
    field: 'name',
    create: (name) => ({ name }),
    replace: (name) => ({ name, color: null, archived: false }),
  });

  describeResource(() => app.url, {
    path: '/api/v1/notes',
    create: (title) => ({ title }),
    replace: (title) => ({ title, text: null }),
  });
});
