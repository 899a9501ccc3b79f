import { bodySchemaOf, constantOf, type Input, inputsOf, parametersOf, resultHeadersOf } from "../facts.js";
import type { Complaints } from "../load/complain.js";
import type { OpenApi, OperationObject, RequestBody, Response, Schema } from "../openapi.js";
import { type BundledOperation, operationsOf } from "../reach.js";
import { formsOf, jsonOf, resolve, successesOf, typesOf, unwrap } from "../resolve.js";
import { fitTogether, schemes, schemesOf } from "../schemes.js";
import { areListed, siblingsOf } from "../siblings.js";

/** Headers that security schemes and the transport set. */
const transportHeaders = new Set(["authorization", "content-type", "accept", "host", "x-auth-token", "x-tc-timestamp"]);
/** Names of exports that a generated constant would clash with. */
const reservedIds = new Set(
  "service operations components schema break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async of implements interface package private protected public arguments eval".split(
    " ",
  ),
);

/** Members that the client object has already; one of these as a call would replace or hide it. */
const clientMembers = new Set([
  ...["http", "then", "catch", "finally", "toJSON"],
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** The rules of docs/specs.md about operations, their inputs and their answers. */
export function checkOperations(bundle: OpenApi, complaints: Complaints): void {
  checkServers(bundle, complaints);
  checkSchemes(bundle, complaints);
  checkSecurity(bundle, bundle.security, bundle, complaints);
  for (const bundled of operationsOf(bundle)) {
    const { operation } = bundled;
    const { operationId } = operation;
    if (reservedIds.has(operationId)) {
      complaints.at(operation, ["operationId"], `${operationId} is a reserved word`);
    } else if (clientMembers.has(operationId)) {
      complaints.at(operation, ["operationId"], `${operationId} is already a member of every client`);
    }
    checkSecurity(operation, operation.security, bundle, complaints);
    checkParameters(bundle, bundled, complaints);
    checkBody(bundle, bundled, complaints);
    checkCollisions(inputsOf(bundle, operation), complaints);
    checkResponses(bundle, operation, complaints);
  }
  checkSiblings(bundle, complaints);
}

/** The client refuses a value that would make another operation of the call; a documented value must not be one. */
function checkSiblings(bundle: OpenApi, complaints: Complaints): void {
  for (const siblings of siblingsOf(bundle)) {
    const { operation, reached, values } = siblings;
    if (!areListed(bundle, siblings)) continue;
    const given = [...values].map(([name, value]) => `{${name}} ${value}`).join(" and ");
    const route = `${reached.method.toUpperCase()} ${reached.path}`;
    const other = `${reached.operation.operationId} in ${complaints.locations.get(reached.operation)?.file}`;
    const { operationId } = operation.operation;
    complaints.at(operation.operation, [], `${operationId} with ${given}, as listed, would be ${route} of ${other}`);
  }
}

function checkServers(bundle: OpenApi, complaints: Complaints): void {
  if (bundle.servers?.length === 0) complaints.at(bundle.servers, [], "is empty: a client has to know where to send");
  for (const server of bundle.servers ?? []) {
    const sample = server.url.replaceAll(/\{[^}]*\}/g, "x");
    if (!/^https?:\/\//.test(sample) || !URL.canParse(sample))
      complaints.at(server, ["url"], "must be an absolute URL");
    for (const [, name = ""] of server.url.matchAll(/\{([^}]*)\}/g)) {
      if (!Object.hasOwn(server.variables ?? {}, name)) complaints.at(server, ["url"], `{${name}} is no variable`);
    }
  }
}

/** The client that is generated can sign in these ways and no others. */
function checkSchemes(bundle: OpenApi, complaints: Complaints): void {
  for (const [name, scheme] of Object.entries(bundle.components?.securitySchemes ?? {})) {
    const known = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
    if (known === undefined) {
      const names = Object.keys(schemes).join(", ");
      complaints.at(scheme, [], `no client can sign by ${name}; the name must be one of ${names}`);
    } else if (!known.fits(scheme)) complaints.at(scheme, [], `must be ${known.is}`);
  }
  // One that is not declared is told at its place.
  const names = schemesOf(bundle).filter((name) => Object.hasOwn(bundle.components?.securitySchemes ?? {}, name));
  if (!fitTogether(names)) {
    const trouble = `one client cannot sign by ${names.join(" and ")}; only a key pair and authToken go together`;
    complaints.at(bundle.security ?? bundle.components?.securitySchemes ?? bundle, [], trouble);
  }
}

function checkSecurity(
  owner: object,
  needs: Record<string, string[]>[] | undefined,
  bundle: OpenApi,
  complaints: Complaints,
): void {
  for (const need of needs ?? []) {
    if (Object.keys(need).length > 1) complaints.at(need, [], "asks for two schemes at once; a client sends one");
  }
  for (const name of (needs ?? []).flatMap((need) => Object.keys(need))) {
    if (Object.hasOwn(bundle.components?.securitySchemes ?? {}, name)) continue;
    const place = complaints.locations.has(owner) ? owner : (needs as object);
    complaints.at(place, place === owner ? ["security"] : [], `${name} is no security scheme`);
  }
}

function checkParameters(bundle: OpenApi, { path, operation }: BundledOperation, complaints: Complaints): void {
  const parameters = parametersOf(bundle, operation);
  const inPath = new Set([...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name));
  for (const parameter of parameters) {
    const { name } = parameter;
    if (parameter.in === "header" && transportHeaders.has(name.toLowerCase())) {
      complaints.at(parameter, ["name"], `${name} is set by the transport and is no parameter`);
    }
    if (parameter.in === "path" && !inPath.delete(name))
      complaints.at(parameter, ["name"], `{${name}} is not in the path`);
    if (parameter.in === "path" && parameter.required !== true) {
      complaints.at(parameter, ["required"], "must be true: it is part of the path");
    }
    if (constantOf(parameter) !== undefined && parameter.required !== true) {
      complaints.at(parameter, ["required"], "must be true: it has one possible value");
    }
    const schema = resolve<Schema>(bundle, parameter.schema);
    const item = schema.items ? resolve<Schema>(bundle, schema.items) : schema;
    if (typesOf(item).some((type) => type === "object" || type === "array") || schema.oneOf) {
      complaints.at(parameter, ["schema"], "must be a scalar or a list of scalars");
    }
  }
  for (const name of inPath) complaints.at(operation, ["parameters"], `the path has {${name}}, which is no parameter`);
}

function checkBody(bundle: OpenApi, { method, operation }: BundledOperation, complaints: Complaints): void {
  if (operation.requestBody === undefined) return;
  const body = resolve<RequestBody>(bundle, operation.requestBody);
  if (method === "get") complaints.at(operation, ["requestBody"], "a GET has no body");
  checkMedia(body, complaints);
  const schema = bodySchemaOf(bundle, operation);
  if (schema === undefined) return;
  const forms = formsOf(bundle, schema);
  if (forms.some((form) => typesOf(form).join() !== "object")) {
    complaints.at(body, ["content", "application/json", "schema"], "a request body is a JSON object");
  }
  const needed = forms.flatMap((form) => form.required ?? [])[0];
  if (body.required !== true && needed !== undefined) {
    complaints.at(body, ["required"], `must be true: the body's ${needed} is required`);
  }
}

function checkMedia(owner: RequestBody | Response, complaints: Complaints): void {
  for (const type of Object.keys(owner.content ?? {})) {
    if (type !== "application/json") complaints.at(owner, ["content", type], "is not application/json");
  }
  if (owner.content !== undefined && jsonOf(owner) === undefined) {
    complaints.at(owner, ["content", "application/json"], "is missing");
  }
}

/** All inputs of a call share one flat object. */
function checkCollisions(inputs: readonly Input[], complaints: Complaints): void {
  const first = new Map<string, Input>();
  for (const input of inputs) {
    const other = first.get(input.name);
    if (other === undefined) first.set(input.name, input);
    else
      complaints.at(
        input.node,
        [],
        `the input ${input.name} (${input.in}) collides with the one of the same name in ${other.in}`,
      );
  }
}

function checkResponses(bundle: OpenApi, operation: OperationObject, complaints: Complaints): void {
  const successes = successesOf(bundle, operation.responses);
  if (successes.length === 0) complaints.at(operation, ["responses"], "no success status is documented");
  for (const [status, entry] of Object.entries(operation.responses)) {
    const response = resolve<Response>(bundle, entry);
    checkMedia(response, complaints);
    if (/^2/.test(status)) continue;
    if (/^[13]/.test(status)) complaints.at(operation, ["responses", status], "is neither success nor error");
    else if (!("$ref" in entry))
      complaints.at(operation, ["responses", status], "must be a $ref to components.responses");
  }
  for (const { status, response } of successes) {
    const media = jsonOf(response);
    if (media === undefined) continue;
    if (status === 204) complaints.at(response, ["content"], "a 204 has no content");
    if (unwrap(bundle, media.schema) === undefined) {
      const envelope = bundle["x-envelope"]?.success;
      complaints.at(response, ["content", "application/json", "schema"], `lacks the envelope's property ${envelope}`);
    }
  }
  for (const { name, header } of resultHeadersOf(bundle, operation)) {
    const types = typesOf(resolve<Schema>(bundle, header.schema));
    if (types.join() !== "string") complaints.at(header, ["schema"], `the result header ${name} must be a string`);
  }
}
