import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const METHODS = new Set(['log', 'info', 'warn', 'error', 'fatal', 'debug', 'verbose', 'trace']);

/** A message that the source logs, with `…` for each part that is computed. */
export interface LoggedMessage {
  readonly file: string;
  readonly isWarning: boolean;
  readonly message: string;
}

/** Returns the name of the method that a call logs with: `logger.warn(…)`, `setup.log(…)`, `log(…)`. */
function methodOf({ expression }: ts.CallExpression): string | undefined {
  if (ts.isIdentifier(expression)) {
    return ['log', 'warn'].includes(expression.text) ? expression.text : undefined;
  }
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const { name, expression: receiver } = expression;
  const isLogger = /logger$|^(?:setup|context|options)$/i.test(receiver.getText());
  return isLogger && METHODS.has(name.text) ? name.text : undefined;
}

/** Returns the message of an argument, or undefined if it is an object. */
function messageOf(argument: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(argument)) return argument.text;
  if (ts.isTemplateExpression(argument)) {
    const spans = argument.templateSpans.map(({ literal }) => literal.text);
    return [argument.head.text, ...spans].join('…');
  }
  return ts.isObjectLiteralExpression(argument) ? undefined : '…';
}

function* callsIn(node: ts.Node): Iterable<ts.CallExpression> {
  if (ts.isCallExpression(node)) yield node;
  for (const child of node.getChildren()) yield* callsIn(child);
}

/** Returns the messages of all calls of a logger in a file. */
function messagesIn(file: string): LoggedMessage[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  return [...callsIn(source)].flatMap((call) => {
    const method = methodOf(call);
    if (method === undefined) return [];
    const messages = call.arguments.map(messageOf).filter((message) => message !== undefined);
    // `…` alone: an object by name, before the message.
    const message = messages.find((text) => text !== '…') ?? messages[0];
    return message === undefined ? [] : [{ file, isWarning: method === 'warn', message }];
  });
}

/** Returns the messages that the program logs. */
export const loggedMessages = (): LoggedMessage[] =>
  globSync('src/**/*.ts', { exclude: ['**/*.spec.ts'] })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
    .flatMap(messagesIn);

/** Returns the strings of a union type, those of the unions that it names included. */
export function unionOf(file: string, name: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const declared = source.statements.filter(ts.isTypeAliasDeclaration);
  const stringsOf = (type: ts.TypeNode | undefined): string[] => {
    if (type === undefined) return [];
    if (ts.isUnionTypeNode(type)) return type.types.flatMap(stringsOf);
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return [type.literal.text];
    return stringsOf(declared.find((alias) => alias.name.text === type.getText())?.type);
  };
  return stringsOf(declared.find((alias) => alias.name.text === name)?.type);
}
