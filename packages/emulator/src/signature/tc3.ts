import { pathOf, queryOf, type Received } from "../request.js";
import { hmac, sha256 } from "./hash.js";
import type { Check, Credentials, Refused } from "./types.js";

const FORM =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]+)\/([\w.-]+)\/tc3_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/** Tencent Cloud API 3.0, signature version 3. */
export async function verifyTc3(
  request: Received,
  credentials: Credentials,
  check: Check,
): Promise<Refused | undefined> {
  const found = FORM.exec(request.headers.authorization ?? "");
  if (!found) return { reason: "malformed", detail: "the Authorization header does not have the form of TC3" };
  const [, id, date = "", service = "", names = "", signature] = found;
  const timestamp = request.headers["x-tc-timestamp"] ?? "";
  if (id !== credentials.secretId) return { reason: "unknownKey", detail: "no such SecretId" };
  if (!(Math.abs(check.now / 1000 - Number(timestamp)) <= 300)) {
    return { reason: "skew", detail: "X-TC-Timestamp is more than five minutes off" };
  }
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) {
    return { reason: "mismatch", detail: "the date is not the UTC date of X-TC-Timestamp" };
  }
  if (service !== "redis" && !check.lenientHost) {
    return { reason: "mismatch", detail: `the signature is for the service ${service}, not for redis` };
  }
  for (const name of ["content-type", "host"]) {
    if (!names.split(";").includes(name)) return { reason: "mismatch", detail: `${name} is not signed` };
  }
  if (credentials.sessionToken !== undefined && request.headers["x-tc-token"] !== credentials.sessionToken) {
    return { reason: "token", detail: "X-TC-Token is not the token of these keys" };
  }

  const payload = await sha256(request.headers["x-tc-content-sha256"] ?? request.body);
  const { host = "" } = request.headers;
  const hosts = check.lenientHost ? [host, host.replace(/:\d+$/, "")] : [host];
  for (const spelled of hosts) {
    // The page lower-cases every value, the SDKs sign the Content-Type as they send it.
    for (const lower of [false, true]) {
      const headers = names.split(";").map((name) => {
        const value = name === "host" ? spelled : (request.headers[name] ?? "").trim();
        return `${name}:${lower || name !== "content-type" ? value.toLowerCase() : value}\n`;
      });
      const canonical = [request.method, pathOf(request), queryOf(request), headers.join(""), names, payload];
      const hash = await sha256(canonical.join("\n"));
      const text = ["TC3-HMAC-SHA256", timestamp, `${date}/${service}/tc3_request`, hash].join("\n");
      if ((await hmac(`TC3${credentials.secretKey}`, date, service, "tc3_request", text)) === signature)
        return undefined;
    }
  }
  return { reason: "mismatch", detail: "the signature does not match" };
}
