/** A collection with the fields of a task; its rules let users see and change their own only. */
migrate((app) => {
  const own = 'owner = @request.auth.id';
  const users = app.findCollectionByNameOrId('users');
  app.save(
    new Collection({
      type: 'base',
      name: 'tasks',
      listRule: own,
      viewRule: own,
      createRule: own,
      updateRule: own,
      deleteRule: own,
      fields: [
        { name: 'owner', type: 'relation', collectionId: users.id, required: true, maxSelect: 1 },
        { name: 'title', type: 'text', required: true, max: 255 },
        { name: 'description', type: 'text', max: 10_000 },
        { name: 'completed', type: 'bool' },
        { name: 'priority', type: 'select', values: ['none', 'low', 'medium', 'high'] },
        { name: 'due', type: 'date' },
        { name: 'tags', type: 'json' },
        { name: 'created', type: 'autodate', onCreate: true },
        { name: 'updated', type: 'autodate', onCreate: true, onUpdate: true },
      ],
      indexes: ['create index task_owner_created on tasks (owner, created desc, id desc)'],
    }),
  );
});
