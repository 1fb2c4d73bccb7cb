import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** The edits that add a field `note` to tasks, as docs/architecture.md lists them. */

const ROOT = join(import.meta.dirname, '../..');

interface Edit {
  readonly place: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const EDITS: readonly Edit[] = [
  {
    place: 'the column',
    file: 'src/tasks/task.entity.ts',
    from: '    dueDate: ',
    to: '    note: p.string().length(100).nullable(),\n    dueDate: ',
  },
  {
    place: 'the rules',
    file: 'src/tasks/task.fields.ts',
    from: 'export const Title = ',
    to: 'export const Note = (presence: Presence) => field(presence, { type: String }, IsText());\n\nexport const Title = ',
  },
  {
    place: 'the field of the response',
    file: 'src/tasks/task.dto.ts',
    from: '  id!: string;\n',
    to: '  id!: string;\n\n  note!: string | null;\n',
  },
  {
    place: 'the field of a create',
    file: 'src/tasks/task.dto.ts',
    from: 'export class CreateTaskDto {\n',
    to: "export class CreateTaskDto {\n  @Note('clearable')\n  note?: string | null;\n\n",
  },
  {
    place: 'the field of a replace',
    file: 'src/tasks/task.dto.ts',
    from: 'export class ReplaceTaskDto implements Omit<Writable, Kept> {\n',
    to: "export class ReplaceTaskDto implements Omit<Writable, Kept> {\n  @Note('nullable')\n  note!: string | null;\n\n",
  },
  {
    place: 'the field of an update',
    file: 'src/tasks/task.dto.ts',
    from: 'export class UpdateTaskDto {\n',
    to: "export class UpdateTaskDto {\n  @Note('clearable')\n  note?: string | null;\n\n",
  },
  {
    place: 'the value that is written',
    file: 'src/tasks/task-values.ts',
    from: 'const { title, ',
    to: 'const { note, title, ',
  },
  {
    place: 'the value that is read',
    file: 'src/tasks/task-values.ts',
    from: '    id: read.id(row),\n',
    to: '    id: read.id(row),\n    note: read.note(row),\n',
  },
];

/** Makes the edits complete, and is nothing that could be forgotten by itself. */
const COMPLETION: readonly Edit[] = [
  {
    place: 'the import',
    file: 'src/tasks/task.dto.ts',
    from: 'import {\n  Completed,\n',
    to: 'import {\n  Note,\n  Completed,\n',
  },
  {
    place: 'the use',
    file: 'src/tasks/task-values.ts',
    from: '    ...(title !== undefined && { title }),\n',
    to: '    ...(title !== undefined && { title }),\n    ...(note !== undefined && { note }),\n',
  },
];

/** Finds, one by one, the files in which the compiler has errors once some of the edits are made. */
let filesWithErrors: (edits: readonly Edit[]) => Iterable<string>;

beforeAll(() => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.build.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: unknown };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const isEdited = (name: string) => EDITS.some(({ file }) => name.endsWith(file));
  // The edited files first: most errors are there, and one is enough.
  const tasks = fileNames
    .filter((name) => name.includes('/src/tasks/'))
    .sort((a, b) => Number(isEdited(b)) - Number(isEdited(a)));
  let program: ts.Program | undefined;
  filesWithErrors = function* (edits) {
    const texts = new Map<string, string>();
    for (const { file, from, to } of edits) {
      const path = join(ROOT, file);
      const text = texts.get(path) ?? readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      texts.set(path, text.replace(from, to));
    }
    const host = ts.createCompilerHost({ ...options, noEmit: true });
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (path, ...rest) => {
      const text = texts.get(path);
      const known = text === undefined ? program?.getSourceFile(path) : undefined;
      if (known !== undefined && !isEdited(path)) return known;
      return text === undefined
        ? read(path, ...rest)
        : ts.createSourceFile(path, text, rest[0], true);
    };
    const created = ts.createProgram(tasks, { ...options, noEmit: true }, host);
    program = created;
    for (const name of tasks) {
      const errors = created.getSemanticDiagnostics(created.getSourceFile(name));
      if (errors.length > 0) yield name.slice(name.indexOf('src/'));
    }
  };
}, 60_000);

describe('a new field of a task', () => {
  it('is in 5 files with its migration, and compiles', () => {
    expect(new Set(EDITS.map(({ file }) => file)).size + 1).toBe(5);
    expect([...filesWithErrors([...EDITS, ...COMPLETION])]).toEqual([]);
  });

  it.each(EDITS.map((edit) => ({ ...edit })))('does not compile without $place', ({ place }) => {
    const others = EDITS.filter((edit) => edit.place !== place);
    const isWritten = place !== 'the value that is written';
    const completion = COMPLETION.filter((edit) => isWritten || edit.place !== 'the use');
    const [first] = filesWithErrors([...others, ...completion]);
    expect(first).toMatch(/^src\/tasks\//);
  });
});
