import type { ErrorObject } from "ajv/dist/2020.js";

/** A validator's error in words, with the trail of keys to the value (or the missing key) it is about. */
export function explain(error: ErrorObject): { trail: string[]; message: string } {
  const trail = error.instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return { trail: [...trail, String(params.missingProperty)], message: "is missing" };
    case "additionalProperties":
      return { trail: [...trail, String(params.additionalProperty)], message: "is not declared" };
    case "enum":
      return { trail, message: `must be one of ${(params.allowedValues as unknown[]).map(quote).join(", ")}` };
    case "type":
      return { trail, message: `must be of type ${[params.type].flat().join(" or ")}` };
    case "oneOf":
      return { trail, message: params.passingSchemas ? "fits more than one of its forms" : "fits none of its forms" };
    case "pattern":
      return { trail, message: `does not match the pattern ${params.pattern}` };
    case "format":
      return { trail, message: `is no ${params.format}` };
    default:
      return { trail, message: error.message ?? `breaks the rule ${error.keyword}` };
  }
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
