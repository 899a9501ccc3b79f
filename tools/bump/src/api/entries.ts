// A report as a list of facts: each declaration and each member of one by its place.
import ts from "typescript";

export interface Entry {
  /** Such as "restorekit/fleet: interface FleetOptions.limit". */
  readonly place: string;
  /** What is declared there, without what its members say. */
  readonly text: string;
  /** Whether whoever makes or extends such a value has to give it, or is kept from making one. */
  readonly demanded: boolean;
}

export function entriesOf(report: string): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [, specifier = "", code = ""] of report.matchAll(/^## (.+)\n\n```ts\n([\s\S]*?)\n```$/gm)) {
    const source = ts.createSourceFile("report.ts", code, ts.ScriptTarget.Latest, true);
    const add = (place: string, text: string, demanded: boolean) => {
      // Overloads share a name; each is a fact of its own.
      let key = place;
      for (let nth = 2; found.has(key); nth++) key = `${place} (${nth})`;
      found.set(key, { place: key, text: text.replace(/\s+/g, " ").trim(), demanded });
    };
    for (const statement of source.statements) statementEntries(statement, source, `${specifier}:`, add);
  }
  return found;
}

type Add = (place: string, text: string, demanded: boolean) => void;

function statementEntries(node: ts.Statement, source: ts.SourceFile, prefix: string, add: Add): void {
  if (ts.isImportDeclaration(node)) imports(node, source, prefix, add);
  else if (ts.isVariableStatement(node)) {
    for (const { name, type } of node.declarationList.declarations)
      typed(`${prefix} const ${name.getText(source)}`, type, false, source, add);
  } else if (ts.isTypeAliasDeclaration(node)) {
    typed(`${prefix} type ${node.name.text}`, node.type, false, source, add, parameters(node, source));
  } else if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) {
    const kind = ts.isClassDeclaration(node) ? "class" : "interface";
    const place = `${prefix} ${kind} ${node.name?.text ?? "default"}`;
    const heritage = (node.heritageClauses ?? []).map((clause) => clause.getText(source)).join(" ");
    const abstract = node.modifiers?.some(({ kind: word }) => word === ts.SyntaxKind.AbstractKeyword) ? "abstract" : "";
    add(place, `${abstract} ${parameters(node, source)} ${heritage}`, false);
    members(place, node.members, source, add);
  } else if (ts.isFunctionDeclaration(node)) {
    add(`${prefix} function ${node.name?.text ?? "default"}`, node.getText(source).replace(/^export /, ""), false);
  } else {
    const [first = ""] = node.getText(source).split(/[{;\n]/);
    add(`${prefix} ${first.replace(/^export /, "").trim()}`, node.getText(source), false);
  }
}

/** A type written out is told member by member, any other as a whole. */
function typed(
  place: string,
  type: ts.TypeNode | undefined,
  demanded: boolean,
  source: ts.SourceFile,
  add: Add,
  extra = "",
): void {
  if (type === undefined || !ts.isTypeLiteralNode(type)) {
    add(place, `${extra} ${type?.getText(source) ?? ""}`, demanded);
    return;
  }
  add(place, `${extra} {}`, demanded);
  members(place, type.members, source, add);
}

function members(place: string, list: readonly ts.Node[], source: ts.SourceFile, add: Add): void {
  for (const member of list) {
    if (ts.isPropertySignature(member)) {
      const here = `${place}.${member.name.getText(source)}`;
      typed(here, member.type, member.questionToken === undefined, source, add, modifiers(member, source));
      continue;
    }
    const named = member as ts.Node & { name?: ts.Node; questionToken?: ts.Node };
    const name = named.name?.getText(source) ?? ts.SyntaxKind[member.kind] ?? "";
    const demanded = ts.isClassElement(member) ? bars(member) : named.questionToken === undefined;
    add(`${place}.${name}`, member.getText(source), demanded);
  }
}

/** What a class may not get without breaking those who extend or make it. */
function bars(member: ts.ClassElement): boolean {
  const has = (word: ts.SyntaxKind) =>
    ts.canHaveModifiers(member) && (member.modifiers ?? []).some(({ kind }) => kind === word);
  if (has(ts.SyntaxKind.AbstractKeyword)) return true;
  if (!ts.isConstructorDeclaration(member)) return false;
  const needed = member.parameters.some((one) => one.questionToken === undefined && one.dotDotDotToken === undefined);
  return needed || has(ts.SyntaxKind.PrivateKeyword) || has(ts.SyntaxKind.ProtectedKeyword);
}

/** A type of the same name is another one where it comes from elsewhere. */
function imports(node: ts.ImportDeclaration, source: ts.SourceFile, prefix: string, add: Add): void {
  const from = node.moduleSpecifier.getText(source);
  const { name, namedBindings } = node.importClause ?? {};
  const tell = (local: ts.Identifier, what: string) =>
    add(`${prefix} import ${local.text}`, `${what} from ${from}`, false);
  if (name !== undefined) tell(name, "default");
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) tell(namedBindings.name, "*");
  else for (const one of namedBindings?.elements ?? []) tell(one.name, (one.propertyName ?? one.name).text);
}

function modifiers(node: ts.PropertySignature, source: ts.SourceFile): string {
  return [...(node.modifiers ?? []).map((one) => one.getText(source)), node.questionToken ? "?" : ""].join(" ");
}

function parameters(
  node: { typeParameters?: ts.NodeArray<ts.TypeParameterDeclaration> },
  source: ts.SourceFile,
): string {
  return (node.typeParameters ?? []).map((one) => one.getText(source)).join(", ");
}
