import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from "openapi-typescript";
import ts from "typescript";
import { constantOf, parametersOf } from "../facts.js";
import type { OpenApi, OperationObject, Parameter, Schema } from "../openapi.js";
import { operationsOf, reachOf } from "../reach.js";
import { resolve } from "../resolve.js";
import { rewrite, without } from "../rewrite.js";
import { facts } from "./facts.js";

/** The types of a bundle, as openapi-typescript writes them from a projection made for callers in TypeScript. */
export async function emitTypes(bundle: OpenApi): Promise<string> {
  const document = projectForTypes(bundle);
  const nodes = await openapiTS(document as unknown as OpenAPI3, {
    defaultNonNullable: false,
    silent: true,
    transform: (schema) => openList(schema as SchemaObject & Schema),
  });
  return astToString(letClientFillPath(nodes, bundle));
}

/** Value lists of answers, which stay open; carried to the transform under a key openapi-typescript does not know. */
const openKey = "x-open-list";

function projectForTypes(bundle: OpenApi): OpenApi {
  const { request } = reachOf(bundle);
  return rewrite(bundle, "shared", (node, kind) => {
    switch (kind) {
      case "shared":
        return without(node, "servers", "security");
      case "components":
        // Parameters are written out where they are used: their doc comments are needed there.
        return without(node, "parameters", "examples", "links", "securitySchemes");
      case "operation":
        return { ...without(node, "security", "externalDocs", "tags"), parameters: callersParameters(bundle, node) };
      case "schema":
        return convertSchema(bundle, node as Schema, !request.has(node as Schema));
      default:
        return without(node, "examples", "links");
    }
  });
}

function callersParameters(bundle: OpenApi, operation: object): Parameter[] {
  const parameters = parametersOf(bundle, operation as OperationObject);
  return parameters
    .filter((parameter) => constantOf(parameter) === undefined)
    .map((parameter) => forCallers(bundle, parameter));
}

/** The description is all that a reader gets to see, so it says everything that the types cannot. */
function convertSchema(bundle: OpenApi, schema: Schema, isAnswer: boolean): Schema {
  const description = describe(schema.description, resolve<Schema>(bundle, schema));
  if (schema.$ref !== undefined) return description === "" ? schema : { ...schema, description };
  const { enum: values, default: _inDescription, ...rest } = schema;
  const result: Schema = description === "" ? rest : { ...rest, description };
  if (values === undefined) return result;
  return isAnswer ? { ...result, [openKey]: values } : { ...result, enum: values };
}

function forCallers(bundle: OpenApi, parameter: Parameter): Parameter {
  const description = describe(parameter.description, resolve<Schema>(bundle, parameter.schema));
  if (parameter["x-client"] === undefined) return { ...parameter, description };
  const note = `Taken from the client's ${parameter["x-client"]} unless given.`;
  return { ...parameter, required: parameter.in === "path", description: `${description} ${note}` };
}

function describe(own: string | undefined, schema: Schema): string {
  const text = own ?? schema.description ?? "";
  const secret = schema.format === "password" && !/\bsecret\b/i.test(text) ? ["Secret: never log it."] : [];
  return [text.trim(), ...facts(schema, text), ...secret].filter((part) => part !== "").join(" ");
}

function openList(schema: SchemaObject & Schema): ts.TypeNode | undefined {
  const values = schema[openKey] as unknown[] | undefined;
  if (values === undefined) return undefined;
  const factory = ts.factory;
  const keyword = values.some((value) => typeof value === "string")
    ? ts.SyntaxKind.StringKeyword
    : values.some((value) => typeof value === "number")
      ? ts.SyntaxKind.NumberKeyword
      : undefined;
  if (keyword === undefined) return undefined;
  // `string & {}` keeps the listed values in an editor's suggestions; plain `string` would swallow them.
  const open = factory.createParenthesizedType(
    factory.createIntersectionTypeNode([factory.createKeywordTypeNode(keyword), factory.createTypeLiteralNode([])]),
  );
  const mayBeNull = [schema.type].flat().includes("null" as never) || values.includes(null);
  return factory.createUnionTypeNode([
    ...values.filter((value) => value !== null).map(literalType),
    open,
    ...(mayBeNull ? [factory.createLiteralTypeNode(factory.createNull())] : []),
  ]);
}

function literalType(value: unknown): ts.TypeNode {
  const { factory } = ts;
  if (typeof value === "number") {
    const digits = factory.createNumericLiteral(Math.abs(value));
    const minus = ts.SyntaxKind.MinusToken;
    return factory.createLiteralTypeNode(value < 0 ? factory.createPrefixUnaryExpression(minus, digits) : digits);
  }
  return factory.createLiteralTypeNode(factory.createStringLiteral(String(value)));
}

/** openapi-typescript demands every path parameter; those that the client fills in become optional here. */
function letClientFillPath(nodes: ts.Node[], bundle: OpenApi): ts.Node[] {
  const optional = new Map<string, Set<string>>();
  for (const { operation } of operationsOf(bundle)) {
    const names = parametersOf(bundle, operation).filter(
      (each) => each.in === "path" && each["x-client"] !== undefined,
    );
    if (names.length > 0) optional.set(operation.operationId, new Set(names.map((each) => each.name)));
  }
  return nodes.map((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== "operations") return node;
    return changeMembers(node, (operation) => {
      const names = optional.get(nameOf(operation));
      if (names === undefined) return operation;
      return inside(operation, "parameters", (parameters) => inside(parameters, "path", (path) => relax(path, names)));
    });
  });
}

function relax(path: ts.PropertySignature, names: ReadonlySet<string>): ts.PropertySignature {
  if (path.type === undefined || !ts.isTypeLiteralNode(path.type)) return path;
  const members = path.type.members.map((member) =>
    ts.isPropertySignature(member) && names.has(nameOf(member)) ? asOptional(member, member.type) : member,
  );
  const type = ts.factory.createTypeLiteralNode(members);
  return members.every((member) => member.questionToken !== undefined) ? asOptional(path, type) : withType(path, type);
}

function inside(
  owner: ts.PropertySignature,
  name: string,
  change: (member: ts.PropertySignature) => ts.PropertySignature,
): ts.PropertySignature {
  if (owner.type === undefined || !ts.isTypeLiteralNode(owner.type)) return owner;
  const members = owner.type.members.map((member) =>
    ts.isPropertySignature(member) && nameOf(member) === name ? change(member) : member,
  );
  return withType(owner, ts.factory.createTypeLiteralNode(members));
}

function changeMembers(
  node: ts.InterfaceDeclaration,
  change: (member: ts.PropertySignature) => ts.PropertySignature,
): ts.InterfaceDeclaration {
  const members = node.members.map((member) => (ts.isPropertySignature(member) ? change(member) : member));
  return ts.factory.createInterfaceDeclaration(
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  );
}

function nameOf(member: ts.PropertySignature): string {
  return ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : "";
}

function asOptional(member: ts.PropertySignature, type: ts.TypeNode | undefined): ts.PropertySignature {
  const question = ts.factory.createToken(ts.SyntaxKind.QuestionToken);
  return keepComment(member, ts.factory.createPropertySignature(member.modifiers, member.name, question, type));
}

function withType(member: ts.PropertySignature, type: ts.TypeNode): ts.PropertySignature {
  const changed = ts.factory.createPropertySignature(member.modifiers, member.name, member.questionToken, type);
  return keepComment(member, changed);
}

function keepComment(from: ts.PropertySignature, to: ts.PropertySignature): ts.PropertySignature {
  return ts.setSyntheticLeadingComments(to, ts.getSyntheticLeadingComments(from));
}
