// The least shared.yaml under which a draft generates; a service that exists has a better one.
import type { Parameter } from "../model.js";
import { type Data, Notes } from "./notes.js";

/** Names of components.responses, as the services' own shared.yaml have them. */
const names: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  429: "TooManyRequests",
  500: "ServerFailure",
};

export function failureName(status: number): string {
  return names[status] ?? `Failure${status}`;
}

export interface SharedNeeds {
  rpc: boolean;
  host: string | null;
  version: string | null;
  failures: readonly number[];
  /** Rows of the page's error bodies. */
  errorFields: readonly Parameter[];
  projectId: boolean;
  projectExample: string | null;
}

export function draftShared(needs: SharedNeeds): string {
  const notes = new Notes();
  const server: Data = { url: `https://${needs.host ?? "host.invalid"}` };
  if (needs.host === null) notes.at(server, "url", "the page names no host");
  const document: Data = {
    openapi: "3.1.0",
    info: {
      title: "Describe: the service",
      version: needs.version ?? "v1",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [server],
    security: [{ [needs.rpc ? "tc3" : "authToken"]: [] }],
    "x-envelope": needs.rpc ? { success: "Response", error: "tencent" } : { error: "huawei" },
    paths: {},
    components: components(needs, notes),
  };
  notes.atTop("only for a service that has no shared.yaml yet");
  return notes.print(document);
}

function components(needs: SharedNeeds, notes: Notes): Data {
  const result: Data = {
    securitySchemes: needs.rpc
      ? { tc3: { type: "http", scheme: "TC3-HMAC-SHA256", description: "Tencent Cloud API 3.0 signature, version 3." } }
      : { authToken: { type: "apiKey", in: "header", name: "X-Auth-Token", description: "An IAM token." } },
  };
  const parameters: Data = {};
  if (needs.rpc) {
    const version = { type: "string", enum: [needs.version ?? "v1"] };
    parameters.Version = parameter("X-TC-Version", "header", "API version.", version, needs.version ?? "v1");
    parameters.Region = {
      ...parameter("X-TC-Region", "header", "Region of the resource.", { type: "string" }, "ap-guangzhou"),
      "x-client": "region",
    };
  } else if (needs.projectId) {
    parameters.ProjectId = {
      ...parameter(
        "project_id",
        "path",
        "Project that owns the resource.",
        { type: "string" },
        needs.projectExample ?? "example",
      ),
      "x-client": "projectId",
    };
  }
  if (Object.keys(parameters).length > 0) result.parameters = parameters;
  if (needs.failures.length > 0) {
    const content = { "application/json": { schema: { $ref: "#/components/schemas/ServiceError" } } };
    result.responses = Object.fromEntries(
      needs.failures.map((status) => [failureName(status), { description: `Describe: status ${status}.`, content }]),
    );
    result.schemas = { ServiceError: serviceError(needs.errorFields, notes) };
  }
  return result;
}

function parameter(name: string, place: string, description: string, schema: Data, value: string): Data {
  return {
    name,
    in: place,
    required: true,
    description,
    schema,
    examples: { documented: { "x-source": "chosen", value } },
  };
}

function serviceError(fields: readonly Parameter[], notes: Notes): Data {
  const names = [...new Set(fields.filter(({ path }) => /^[A-Za-z]\w*$/.test(path)).map(({ path }) => path))];
  const schema: Data = { type: "object", description: "Why a call failed." };
  if (names.length === 0) notes.at(schema, "type", "the page does not describe the body of an error");
  schema.properties = Object.fromEntries(
    (names.length > 0 ? names : ["error_code", "error_msg"]).map((name) => [
      name,
      { type: "string", description: `Describe: ${name}.` },
    ]),
  );
  return schema;
}
