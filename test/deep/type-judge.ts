/**
 * Judges JSON by a TypeScript type: the compiler reads the type, and what is not in it is a fault. Objects are closed, a
 * required property has to be there, and of an open enumeration (`'a' | 'b' | OtherString`) only the named words pass.
 */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface TypeJudge {
  /** What is wrong with the value as that type, each with its path; nothing: it fits. */
  faultsOf: (typeName: string, value: unknown) => string[];
}

/** @param source a module whose exported type aliases are the types to judge by; its imports are found from `at` */
export function createTypeJudge(source: string, at: URL): TypeJudge {
  const file = fileURLToPath(at);
  const options: ts.CompilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true },
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const real = { ...host };
  host.fileExists = (name) => name === file || real.fileExists(name);
  host.readFile = (name) => (name === file ? source : real.readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2024)
      : real.getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const root = program.getSourceFile(file);
  const module = root && checker.getSymbolAtLocation(root);
  if (module === undefined) throw new Error('the types can not be read');
  const types = new Map(
    checker
      .getExportsOfModule(module)
      .map((symbol) => [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)]),
  );
  return {
    faultsOf(typeName, value) {
      const type = types.get(typeName);
      if (type === undefined || type.flags & ts.TypeFlags.Any) throw new Error(`no type ${typeName}`);
      return judge(checker, type, value, typeName);
    },
  };
}

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);

function judge(checker: ts.TypeChecker, type: ts.Type, value: unknown, path: string): string[] {
  if (type.isUnion()) return judgeUnion(checker, type, value, path);
  const { flags } = type;
  const wrong = [`${path}: ${shown(value)} is not ${checker.typeToString(type)}`];
  const fits = (isSo: boolean): string[] => (isSo ? [] : wrong);
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
  if (type.isStringLiteral() || type.isNumberLiteral()) return fits(value === type.value);
  if (flags & ts.TypeFlags.BooleanLiteral) return fits(String(value) === checker.typeToString(type));
  if (flags & ts.TypeFlags.Null) return fits(value === null);
  if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return fits(value === undefined);
  if (flags & ts.TypeFlags.String) return fits(typeof value === 'string');
  if (flags & ts.TypeFlags.Number) return fits(typeof value === 'number');
  if (flags & ts.TypeFlags.Boolean) return fits(typeof value === 'boolean');
  // An open enumeration's `string & {}` inside an object type: the words are judged where they are named.
  if (type.isIntersection() && type.types.some((each) => each.flags & ts.TypeFlags.String)) return wrong;
  if (checker.isArrayType(type)) {
    if (!Array.isArray(value)) return wrong;
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    return value.flatMap((each, at) => (element ? judge(checker, element, each, `${path}[${at}]`) : []));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong;
  return judgeObject(checker, type, value as Record<string, unknown>, path);
}

/** Of several that it can be, the one with the fewest faults is meant. */
function judgeUnion(checker: ts.TypeChecker, type: ts.UnionType, value: unknown, path: string): string[] {
  const tried = type.types.map((each) => judge(checker, each, value, path));
  const best = tried.reduce((least, faults) => (faults.length < least.length ? faults : least));
  if (best.length === 0 || (typeof value === 'object' && value !== null)) return best;
  return [`${path}: ${shown(value)} is none of ${checker.typeToString(type).slice(0, 200)}`];
}

function judgeObject(
  checker: ts.TypeChecker,
  type: ts.Type,
  value: Record<string, unknown>,
  path: string,
): string[] {
  const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  const known = new Map(checker.getPropertiesOfType(type).map((symbol) => [symbol.name, symbol]));
  const inValue = Object.entries(value).flatMap(([name, each]) => {
    const symbol = known.get(name);
    const expected = symbol === undefined ? index : checker.getTypeOfSymbol(symbol);
    if (expected === undefined) return [`${path}.${name}: unknown property`];
    return judge(checker, expected, each, `${path}.${name}`);
  });
  const missing = [...known.values()]
    .filter((symbol) => !(symbol.flags & ts.SymbolFlags.Optional) && !(symbol.name in value))
    .filter((symbol) => !(symbol.flags & ts.SymbolFlags.Method))
    .map(({ name }) => `${path}.${name}: missing`);
  return [...inValue, ...missing];
}
