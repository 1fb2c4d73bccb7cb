import { beforeAll, describe, expect, it } from '@jest/globals';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

/** Methods of repositories that touch no user's rows, or everybody's by a function of the database. */
const WITHOUT_OWNER = [
  'ChangeHeadsRepository.heads',
  'FeedLookupRepository.find',
  'ListsRepository.toDto',
  'LoggedRepository.toDto',
  'PurgeRepository.purge',
  'TasksRepository.toDto',
  'TokenLookupRepository.find',
  'TokenLookupRepository.recordUse',
  'UsageRecountRepository.nextOwner',
  'UsageRecountRepository.recount',
  'UsageRepository.limit',
];

/** Stands before each call: the owner, and texts of other kinds. */
const PRELUDE = `
import type { AuthenticatedUser } from '../src/auth/index.js';
import type { IdempotencyRepository } from '../src/idempotency/idempotency.repository.js';
import type { TasksRepository } from '../src/tasks/tasks.repository.js';
import type { CreateTaskDto, TaskDto } from '../src/tasks/task.dto.js';

declare const tasks: TasksRepository;
declare const keys: IdempotencyRepository;
declare const user: AuthenticatedUser;
declare const id: string;
declare const dto: CreateTaskDto;
declare const filter: Parameters<TasksRepository['page']>[1];
declare const request: Parameters<TasksRepository['page']>[2];
declare const task: TaskDto;
export const owner = user.id;
`;

/** A statement, and the compiler's word on it: an argument too few, or of another type, or nothing. */
const CALLS: [statement: string, errors: number[]][] = [
  ['tasks.find(owner, id)', []],
  ['tasks.find(id)', [2554]],
  ['tasks.find(id, id)', [2345]],
  ['tasks.find(id, owner)', [2345]],
  ['tasks.find(task.id, id)', [2345]],
  ['tasks.find(dto.title, id)', [2345]],
  ["tasks.find('', id)", [2345]],
  ['tasks.insert(user, [{}])', []],
  ['tasks.insert(owner, [{}])', [2345]],
  ['tasks.insert([{}])', [2554]],
  ['tasks.update(user, id, { values: {} }, {})', []],
  ['tasks.update(id, { values: {} }, {})', [2554]],
  ['tasks.update(id, id, { values: {} }, {})', [2345]],
  ['tasks.trash(user, id, {})', []],
  ['tasks.trash(id, {})', [2554]],
  ['tasks.restore(user, id, {})', []],
  ['tasks.restore(id, id, {})', [2345]],
  ['tasks.remove(user, id, {})', []],
  ['tasks.remove(id, id, {})', [2345]],
  ['tasks.page(owner, filter, request)', []],
  ['tasks.page(filter, request)', [2554]],
  ['tasks.page(id, filter, request)', [2345]],
  ['tasks.count(owner, filter)', []],
  ['tasks.count(filter)', [2554]],
  ['tasks.lock(owner, [id])', []],
  ['tasks.lock([id])', [2554]],
  ['tasks.lock(id, [id])', [2345]],
  ['tasks.insert(id, [])', [2345]],
  ['tasks.updateMany(id, new Map())', [2345]],
  ['tasks.trashMany(id, [id])', [2345]],
  ['keys.find(owner, id)', []],
  ['keys.find(id)', [2554]],
  ['keys.find(id, owner)', [2345]],
  ['keys.lock(id, id)', [2345]],
  // Methods of MikroORM's repository that name no owner.
  ['tasks.findAll()', [2339]],
  ['tasks.findOne({ id })', [2339]],
  ['tasks.nativeUpdate({ id }, {})', [2339]],
  ['tasks.nativeDelete({})', [2339]],
  ['tasks.upsert({})', [2339]],
  ['tasks.qb()', [2339]],
  ['keys.findAll()', [2339]],
];

const fileOf = (index: number) => join(ROOT, 'test', `call-${String(index)}.ts`);
const texts = new Map(CALLS.map(([call], i) => [fileOf(i), `${PRELUDE}void ${call};\n`]));
const repositories = globSync('src/**/*.repository.ts', { cwd: ROOT });

let program: ts.Program;

beforeAll(() => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const real = { ...host };
  host.readFile = (path) => texts.get(path) ?? real.readFile(path);
  host.fileExists = (path) => texts.has(path) || real.fileExists(path);
  const files = repositories.map((path) => join(ROOT, path));
  program = ts.createProgram([...texts.keys(), ...files], options, host);
}, 60_000);

describe('to the compiler', () => {
  it.each(CALLS.map(([call, errors], index) => [call, errors, index] as const))(
    '%s has the errors %j',
    (_, errors, index) => {
      const found = program.getSemanticDiagnostics(program.getSourceFile(fileOf(index)));
      expect(found.map(({ code }) => code)).toEqual(errors);
    },
  );
});

/** The methods of a file's classes that anybody may call, and the type of their first parameter. */
function methodsIn(path: string): [name: string, first: string][] {
  const checker = program.getTypeChecker();
  const methods: [string, string][] = [];
  program.getSourceFile(path)?.forEachChild((node) => {
    if (!ts.isClassDeclaration(node) || !ts.canHaveModifiers(node)) return;
    if (!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return;
    for (const member of node.members) {
      if (!ts.isMethodDeclaration(member) || ts.isPrivateIdentifier(member.name)) continue;
      if (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.ProtectedKeyword))
        continue;
      const [first] = member.parameters;
      const type = first ? checker.typeToString(checker.getTypeAtLocation(first)) : 'nothing';
      methods.push([`${node.name?.text ?? ''}.${member.name.getText()}`, type]);
    }
  });
  return methods;
}

describe('every method of a repository', () => {
  it('takes the owner first', () => {
    const methods = repositories.flatMap((path) => methodsIn(join(ROOT, path)));
    expect(methods.length).toBeGreaterThan(15);
    const unscoped = methods
      .filter(([, first]) => first !== 'OwnerId' && first !== 'Writer')
      .map(([name]) => name);
    expect(unscoped.sort()).toEqual(WITHOUT_OWNER);
  });

  it.each(repositories.map((path) => [basename(path), path]))('is seen in %s', (_, path) => {
    expect(methodsIn(join(ROOT, path))).not.toEqual([]);
  });
});
