import type { EndpointName, Operation } from "./bundle.js";
import { isV1, refuse as refuseDcs } from "./opentelekomcloud-dcs/common.js";
import { Refusal } from "./refusal.js";
import type { Refused } from "./signature/verify.js";
import type { Problem } from "./validate.js";

// The refusals that do not depend on what the operation does, as each service spells them.

export function notLetIn(service: EndpointName, operation: Operation, refused: Refused): Refusal {
  const { reason, detail } = refused;
  if (service === "tencentcloud-redis") {
    const codes: Record<Refused["reason"], string> = {
      none: "InvalidAuthorization",
      malformed: "InvalidAuthorization",
      unknownKey: "SecretIdNotFound",
      skew: "SignatureExpire",
      mismatch: "SignatureFailure",
      token: "TokenFailure",
      expired: "TokenFailure",
    };
    return new Refusal(200, `AuthFailure.${codes[reason]}`, detail);
  }
  if (reason === "skew") return new Refusal(401, "APIGW.0303", `Incorrect app authentication information: ${detail}`);
  if (service === "opentelekomcloud-dcs") {
    const code = { none: 1003, token: 1001, expired: 1002 }[reason as string];
    if (code) return refuseDcs(isV1(operation), 401, code, detail);
  }
  if (service === "identity" && reason === "expired") return new Refusal(401, "IAM.0066", detail);
  if (service === "identity" && reason === "token") return new Refusal(401, "IAM.0067", detail);
  return new Refusal(401, "APIGW.0301", `Incorrect IAM authentication information: ${detail}`);
}

/** The token, or the path, belongs to another project. */
export function foreignProject(service: EndpointName, operation: Operation): Refusal {
  const detail = "the project in the URL is not that of the credentials";
  if (service === "opentelekomcloud-dcs") return refuseDcs(isV1(operation), 401, 1004, detail);
  return new Refusal(403, "DBS.280056", detail);
}

export function invalid(service: EndpointName, operation: Operation, { kind, name }: Problem): Refusal {
  switch (service) {
    case "tencentcloud-redis": {
      const codes: Record<Problem["kind"], string> = {
        missing: "MissingParameter",
        unknown: "UnknownParameter",
        type: "InvalidParameter",
        value: "InvalidParameterValue",
        noBody: "MissingParameter",
        notJson: "InvalidParameter",
      };
      return new Refusal(200, codes[kind], `the parameter ${name} is ${kind === "missing" ? "missing" : "not valid"}`);
    }
    case "opentelekomcloud-dcs": {
      const v1 = isV1(operation);
      if (kind === "noBody") return refuseDcs(v1, 400, 4004, "The request body is empty.");
      if (kind === "notJson") return refuseDcs(v1, 400, 4005, "The request body is not JSON.");
      if (name === "remark" && kind === "value") return refuseDcs(v1, 400, 4098, "The remark is too long.");
      if (operation.effect === "read") return refuseDcs(v1, 400, 4800, `Invalid ${name} in the request.`);
      return refuseDcs(v1, 400, 4062, `Invalid parameter ${name} in the request.`);
    }
    case "huaweicloud-geminidb": {
      if (kind === "missing") return new Refusal(400, "DBS.280040", `The parameter ${name} is missing.`);
      const codes: Record<string, string> = {
        limit: "DBS.280439",
        offset: "DBS.280440",
        start_time: "DBS.280067",
        end_time: "DBS.280068",
        restore_time: "DBS.201215",
      };
      return new Refusal(400, codes[name] ?? "DBS.280001", `Parameter error: ${name}.`);
    }
    case "huaweicloud-rds":
      return new Refusal(400, "DBS.280001", `Parameter error: ${name}.`);
    case "identity": {
      if (kind === "noBody") return new Refusal(400, "IAM.1101", "There is no request body.");
      if (kind === "notJson") return new Refusal(400, "IAM.0011", "The request body is not valid.");
      if (operation.body === undefined) return new Refusal(400, "IAM.0007", `The parameter ${name} is not valid.`);
      return new Refusal(400, kind === "missing" ? "IAM.0072" : "IAM.0073", `The property ${name} is ${kind}.`);
    }
  }
}

/** Too many requests: this one did not run. */
export function throttled(service: EndpointName, retryAfterSeconds?: number): Refusal {
  if (service === "tencentcloud-redis") {
    return new Refusal(200, "RequestLimitExceeded", "The number of requests exceeds the frequency limit.");
  }
  // Only Open Telekom Cloud documents the header.
  const seconds = retryAfterSeconds ?? (["opentelekomcloud-dcs", "identity"].includes(service) ? 1 : undefined);
  const headers: Record<string, string> = seconds === undefined ? {} : { "Retry-After": String(seconds) };
  return new Refusal(429, "APIGW.0308", "The throttling threshold has been reached.", headers);
}

export function noSuchOperation(
  service: EndpointName | undefined,
  method: string,
  action: string | undefined,
): Refusal {
  if (service === "tencentcloud-redis") {
    if (method !== "POST") return new Refusal(200, "UnsupportedMethod", `${method} is not supported here`);
    return new Refusal(200, "InvalidAction", `the action ${action ?? ""} does not exist`);
  }
  if (service === "opentelekomcloud-dcs") return refuseDcs(false, 404, 4001, "The URL does not exist.");
  return new Refusal(404, "APIGW.0101", "The API does not exist or has not been published in the environment.");
}

/** What a gateway says when it has no answer of the service; it does not tell whether the request ran. */
export function outage(service: EndpointName, status: number): Refusal {
  if (service === "tencentcloud-redis" || status === 502 || status === 503) {
    // No envelope: the empty code stands for a page of HTML.
    return new Refusal(status, "", "");
  }
  if (status === 504) return new Refusal(504, "APIGW.0201", "Service timed out (30000 ms)");
  const codes: Record<Exclude<EndpointName, "tencentcloud-redis">, string> = {
    "opentelekomcloud-dcs": "DCS.5000",
    "huaweicloud-geminidb": "DBS.280005",
    "huaweicloud-rds": "DBS.200005",
    identity: "IAM.0006",
  };
  return new Refusal(500, codes[service], "Internal error.");
}
