export default {
  extends: ['@commitlint/config-conventional'],
  // A subject may begin with a name: "TypeScript 6, …", "PostgreSQL 18 …".
  rules: { 'subject-case': [0] },
};
