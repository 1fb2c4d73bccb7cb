import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'libpg-query';

/** Tables of users' rows, which a distributed database has on many servers: personal tokens are on one. */
export const OWNED_TABLES = [
  'change',
  'change_counter',
  'idempotency_key',
  'list',
  'task',
  'usage',
];

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nodeAt = (node: Node, key: string): Node => {
  const child = node[key];
  return isNode(child) ? child : {};
};
const listAt = (node: Node, key: string): Node[] => {
  const children = node[key];
  return Array.isArray(children) ? children.filter(isNode) : [];
};

/** Yields the nodes of a tree by their types; `isLeaf` is true of types that are not looked into. */
function* nodesOf(
  value: unknown,
  isLeaf: (type: string) => boolean = () => false,
): Iterable<[type: string, node: Node]> {
  if (!isNode(value)) return;
  for (const [type, child] of Object.entries(value)) {
    if (isNode(child) && /^[A-Z]/.test(type)) yield [type, child];
    if (!isLeaf(type)) yield* nodesOf(child, isLeaf);
  }
}

const has = (value: unknown, isWanted: (type: string, node: Node) => boolean) =>
  Array.from(nodesOf(value)).some(([type, node]) => isWanted(type, node));

const isQuery = (type: string) => type === 'SelectStmt';

/** Functions whose result is another one in each transaction. */
const isClock = (type: string, node: Node) =>
  type === 'SQLValueFunction' ||
  (type === 'FuncCall' && /"(now|\w+_timestamp)"/.test(JSON.stringify(node['funcname'])));

const isColumn = (type: string) => type === 'ColumnRef';

const namesOf = (column: Node) =>
  listAt(column, 'fields').map((field) => String(nodeAt(field, 'String')['sval']));

/** Names that conditions compare with the owner: `task` for `task.owner_id = $1`, '' for `owner_id = $1`. */
function ownedNames(conditions: unknown): string[] {
  return Array.from(nodesOf(conditions, (type) => isQuery(type) || type === 'SubLink')).flatMap(
    ([type, node]) => {
      if (type !== 'A_Expr' || !JSON.stringify(node['name']).includes('"="')) return [];
      const names = namesOf(nodeAt(nodeAt(node, 'lexpr'), 'ColumnRef'));
      const isOwner = nodeAt(nodeAt(node, 'rexpr'), 'ParamRef')['number'] === 1;
      return isOwner && names.at(-1) === 'owner_id' ? [names.slice(0, -1).join('.')] : [];
    },
  );
}

/** Tables of one query that no condition binds to the owner. */
function unscopedTables(tables: unknown, conditions: unknown): string[] {
  const owned = Array.from(nodesOf(tables, (type) => isQuery(type))).flatMap(([type, node]) => {
    const isTable = type === 'RangeVar' && OWNED_TABLES.includes(String(node['relname']));
    return isTable ? [String(nodeAt(node, 'alias')['aliasname'] ?? node['relname'])] : [];
  });
  const names = ownedNames([tables, conditions]);
  const unnamed = owned.filter((name) => !names.includes(name));
  // Without a name, the column can be that of one table only.
  return unnamed.length === 1 && names.includes('') ? [] : unnamed;
}

function faultsOfInsert(node: Node): string[] {
  if (!OWNED_TABLES.includes(String(nodeAt(node, 'relation')['relname']))) return [];
  const faults: string[] = [];
  const query = nodeAt(nodeAt(node, 'selectStmt'), 'SelectStmt');
  const index = listAt(node, 'cols').findIndex(
    (column) => nodeAt(column, 'ResTarget')['name'] === 'owner_id',
  );
  const target = nodeAt(nodeAt(listAt(query, 'targetList')[index] ?? {}, 'ResTarget'), 'val');
  if (nodeAt(target, 'ParamRef')['number'] !== 1) faults.push('an insert whose owner is not $1');
  if (node['returningList'] === undefined && node['onConflictClause'] === undefined)
    faults.push('an insert of a query that returns nothing');
  return faults;
}

/** Faults of the condition of a write: a constant one ended the server of Citus 13.2 (SIGSEGV). */
function faultsOfCondition(condition: unknown): string[] {
  const isConstant = (type: string, node: Node) => type === 'A_Const' && 'boolval' in node;
  const isFound = Array.from(nodesOf(condition, isQuery)).some(([type, node]) =>
    isConstant(type, node),
  );
  return isFound ? ['a constant as a condition of a write'] : [];
}

/** Faults of the condition of ON CONFLICT: the server that has the rows would get no value of a parameter. */
const faultsOfConflict = (condition: unknown): string[] =>
  has(condition, (type) => type === 'ParamRef')
    ? ['a parameter in the condition of a conflict']
    : [];

/** Faults of what an update sets and of its conditions, without those of its subqueries. */
function faultsOfUpdate(expressions: unknown): string[] {
  const faults: string[] = [];
  for (const [type, node] of nodesOf(expressions, isQuery)) {
    const isConditional = ['CaseExpr', 'CoalesceExpr'].includes(type);
    if (isConditional && has(node, isClock))
      faults.push('a clock within an expression of an update');
    if (type === 'TypeCast' && has(node['arg'], isColumn))
      faults.push('a cast of a column in an update');
  }
  return faults;
}

function faultsOfNode(type: string, node: Node): string[] {
  const relation = { RangeVar: nodeAt(node, 'relation') };
  const returned = has(node['returningList'], (kind) => kind === 'FuncCall')
    ? ['a function in what a write returns']
    : [];
  const unscoped = (tables: unknown) =>
    unscopedTables(tables, node['whereClause']).map((table) => `no owner_id = $1: ${table}`);
  switch (type) {
    case 'SelectStmt':
      return unscoped(node['fromClause']);
    case 'DeleteStmt':
      return [
        ...returned,
        ...faultsOfCondition(node['whereClause']),
        ...unscoped([relation, node['usingClause']]),
      ];
    case 'UpdateStmt': {
      const faults = faultsOfUpdate([node['targetList'], node['whereClause']]);
      return [
        ...returned,
        ...faults,
        ...faultsOfCondition(node['whereClause']),
        ...unscoped([relation, node['fromClause']]),
      ];
    }
    case 'InsertStmt':
      return [
        ...returned,
        ...faultsOfInsert(node),
        ...faultsOfUpdate(nodeAt(node, 'onConflictClause')['targetList']),
        ...faultsOfConflict(nodeAt(node, 'onConflictClause')['whereClause']),
      ];
    default:
      return [];
  }
}

/** A query that writes in one part of its WITH, and is recursive in another. */
const isRecursiveWrite = (node: Node) => {
  const withs = nodeAt(node, 'withClause');
  const queries = listAt(withs, 'ctes').map((cte) => nodeAt(cte, 'CommonTableExpr')['ctequery']);
  const isWrite = (query: unknown) => isNode(query) && !('SelectStmt' in query);
  return withs['recursive'] === true && queries.some(isWrite);
};

/** Returns what a database that is distributed by owner would refuse, or send to all servers. */
export async function faultsOf(sql: string): Promise<string[]> {
  const tree: unknown = await parse(sql);
  const faults = Array.from(nodesOf(tree)).flatMap(([type, node]) => [
    ...faultsOfNode(type, node),
    ...(isRecursiveWrite(node) ? ['a recursion beside a write'] : []),
  ]);
  return [...new Set(faults)].sort();
}

/** The statements that the code sends, by name, as `npm run sql` writes them. */
export function storedStatements(): Map<string, string> {
  const folder = join(import.meta.dirname, '../../docs/sql');
  return new Map(
    readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split(/^-- /m)
        .slice(1)
        .map((part): [string, string] => {
          const end = part.indexOf('\n');
          return [`${file}: ${part.slice(0, end)}`, part.slice(end)];
        }),
    ),
  );
}
