import gemini from "@restorekit/huaweicloud-geminidb/openapi.json" with { type: "json" };
import rds from "@restorekit/huaweicloud-rds/openapi.json" with { type: "json" };
import identity from "@restorekit/identity/openapi.json" with { type: "json" };
import dcs from "@restorekit/opentelekomcloud-dcs/openapi.json" with { type: "json" };
import redis from "@restorekit/tencentcloud-redis/openapi.json" with { type: "json" };

/** The services with instances. */
export type ServiceName = "tencentcloud-redis" | "opentelekomcloud-dcs" | "huaweicloud-geminidb" | "huaweicloud-rds";
/** Everything that has an endpoint. */
export type EndpointName = ServiceName | "identity";

export interface Schema {
  $ref?: string;
  type?: string | string[];
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: Schema;
}

/** The parts of a bundled openapi.json that are read here. */
interface Bundle {
  servers: { "x-regions"?: string[] }[];
  paths: Record<string, Record<string, BundledOperation>>;
  components: { schemas: Record<string, Schema>; parameters?: Record<string, Parameter> };
}

interface BundledOperation {
  operationId?: string;
  parameters?: (Parameter & { $ref?: string })[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  security?: unknown[];
  "x-effect": string;
  "x-rate-limit"?: { requests: number; seconds: number };
}

/** One documented operation, as requests are matched with it. */
export interface Operation {
  service: EndpointName;
  id: string;
  method: string;
  /** Matches the path below the service's base; its groups are the path parameters. */
  pattern: RegExp;
  /** The Action of an RPC operation. */
  action: string | undefined;
  parameters: Parameter[];
  body: { required: boolean; schema: Schema } | undefined;
  anonymous: boolean;
  effect: string;
  limit: { requests: number; seconds: number } | undefined;
}

const BUNDLES: Record<EndpointName, Bundle> = {
  "tencentcloud-redis": redis as unknown as Bundle,
  "opentelekomcloud-dcs": dcs as unknown as Bundle,
  "huaweicloud-geminidb": gemini as unknown as Bundle,
  "huaweicloud-rds": rds as unknown as Bundle,
  identity: identity as unknown as Bundle,
};

export const ENDPOINTS = Object.keys(BUNDLES) as EndpointName[];

export const OPERATIONS: Record<EndpointName, Operation[]> = Object.fromEntries(
  ENDPOINTS.map((service) => [service, operationsOf(service, BUNDLES[service])]),
) as Record<EndpointName, Operation[]>;

export function schemasOf(service: EndpointName): Record<string, Schema> {
  return BUNDLES[service].components.schemas;
}

/** The regions that a service names, in any of its endpoints. */
export function regionsOf(service: EndpointName): Set<string> {
  return new Set(BUNDLES[service].servers.flatMap((server) => server["x-regions"] ?? []));
}

function operationsOf(service: EndpointName, bundle: Bundle): Operation[] {
  return Object.entries(bundle.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]): Operation[] => {
      if (operation.operationId === undefined) return [];
      const [template = "", action] = path.split("#Action=");
      const content = operation.requestBody?.content["application/json"];
      return [
        {
          service,
          id: operation.operationId,
          method: method.toUpperCase(),
          pattern: new RegExp(`^${template.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
          action,
          parameters: (operation.parameters ?? []).map((parameter) => referenced(bundle, parameter)),
          body: content && { required: operation.requestBody?.required === true, schema: content.schema },
          anonymous: operation.security?.length === 0,
          effect: operation["x-effect"],
          limit: operation["x-rate-limit"],
        },
      ];
    }),
  );
}

function referenced(bundle: Bundle, parameter: Parameter & { $ref?: string }): Parameter {
  if (parameter.$ref === undefined) return parameter;
  return bundle.components.parameters?.[parameter.$ref.split("/").at(-1) as string] as Parameter;
}
