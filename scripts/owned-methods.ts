import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const BASE = 'ScopedRepository';

interface RepositoryClass {
  readonly name: string;
  readonly base: string;
  readonly methods: readonly string[];
}

const isHidden = (member: ts.MethodDeclaration): boolean =>
  ts.isPrivateIdentifier(member.name) ||
  (ts.getModifiers(member) ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.ProtectedKeyword || kind === ts.SyntaxKind.PrivateKeyword,
  );

function classesIn(path: string): RepositoryClass[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.filter(ts.isClassDeclaration).map((declaration) => {
    const parent = declaration.heritageClauses?.[0]?.types[0]?.expression;
    const methods = declaration.members
      .filter(ts.isMethodDeclaration)
      .filter((member) => !isHidden(member))
      .filter(({ parameters }) => parameters[0]?.name.getText(source) === 'ownerId');
    return {
      name: declaration.name?.text ?? '',
      base: parent?.getText(source) ?? '',
      methods: methods.map(({ name }) => name.getText(source)),
    };
  });
}

/** Returns the public methods with an owner of all repositories below `src`, as `Class.method`. */
export function ownedMethods(root: string): string[] {
  const classes = globSync('src/**/*.repository.ts', { cwd: root }).flatMap((path) =>
    classesIn(join(root, path)),
  );
  const isScoped = ({ base }: RepositoryClass): boolean =>
    base === BASE || classes.some((other) => other.name === base && isScoped(other));
  return classes
    .filter(isScoped)
    .flatMap(({ name, methods }) => methods.map((method) => `${name}.${method}`));
}

/** Returns `repository` with a record of its calls: `called` gains `Class.method` for each. */
export function recordCalls<Repository extends object>(
  repository: Repository,
  called: Set<string>,
): Repository {
  return new Proxy(repository, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      let owner: object | null = target;
      while (owner !== null && !Object.hasOwn(owner, property)) {
        owner = Object.getPrototypeOf(owner) as object | null;
      }
      called.add(`${owner?.constructor.name ?? ''}.${String(property)}`);
      return value.bind(target) as unknown;
    },
  });
}
