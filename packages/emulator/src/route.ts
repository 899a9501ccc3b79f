import { ENDPOINTS, type EndpointName, OPERATIONS, type Operation } from "./bundle.js";
import { pathOf, type Received } from "./request.js";

/** Where a request leads. */
export interface Route {
  service: EndpointName | undefined;
  operation: Operation | undefined;
  /** Path parameters, decoded. */
  path: Record<string, string>;
}

/** The vendors' own hosts, so that an in-process client needs no other endpoint than its default. */
const HOSTS: [RegExp, EndpointName][] = [
  [/^redis\.([\w-]+\.)?tencentcloudapi\.com$/, "tencentcloud-redis"],
  [/^dcs\./, "opentelekomcloud-dcs"],
  [/^gaussdb-nosql\./, "huaweicloud-geminidb"],
  [/^rds\./, "huaweicloud-rds"],
  [/^iam[.-]/, "identity"],
];

/**
 * Finds service and operation: by the listener's own service, by a base path `/<service>`, by the vendor's host, by
 * Tencent's action header, and at last by a path that only one service has.
 */
export function route(request: Received, only?: EndpointName): Route {
  const whole = pathOf(request);
  const based = ENDPOINTS.find((name) => whole === `/${name}` || whole.startsWith(`/${name}/`));
  if (based) return inService(based, request, whole.slice(based.length + 1) || "/");
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const service = only ?? HOSTS.find(([pattern]) => pattern.test(host))?.[1];
  if (service) return inService(service, request, whole);
  if (request.headers["x-tc-action"] !== undefined) return inService("tencentcloud-redis", request, whole);
  const found = ENDPOINTS.map((name) => inService(name, request, whole)).filter(({ operation }) => operation);
  // GeminiDB and RDS share some paths: then only a base path or a listener of its own can tell.
  return found.length === 1 && found[0] ? found[0] : { service: undefined, operation: undefined, path: {} };
}

function inService(service: EndpointName, request: Received, path: string): Route {
  for (const operation of OPERATIONS[service]) {
    if (operation.method !== request.method) continue;
    if (operation.action !== undefined && operation.action !== request.headers["x-tc-action"]) continue;
    const groups = operation.pattern.exec(path);
    if (groups) return { service, operation, path: decoded(groups.groups ?? {}) };
  }
  return { service, operation: undefined, path: {} };
}

function decoded(groups: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
