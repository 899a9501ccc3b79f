import { sha256 } from "#crypto";
import { check, KEY, need } from "./credentials.js";
import { signature } from "./keys.js";
import type { Scheme, Tc3Credentials } from "./types.js";

/**
 * Tencent Cloud API 3.0, signature version 3. The Content-Type is signed as it is sent: keep it in lower case, since
 * the documentation lower-cases it and the SDKs do not.
 */
export const tc3: Scheme<Tc3Credentials> = {
  id: "TC3-HMAC-SHA256",
  async sign({ method, url, headers, body }, context) {
    const { secretId, secretKey, token } = context.credentials;
    need({ secretId });
    need({ secretKey }, KEY);
    check({ token });
    const { now, host = url.hostname, signedHeaders = ["content-type", "host"] } = context;
    const { service = host.split(".")[0] as string } = context;
    const get = method === "GET";
    const date = now.toISOString().slice(0, 10);
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const scope = `${date}/${service}/tc3_request`;

    if (!headers.get("content-type")) {
      headers.set("content-type", get ? "application/x-www-form-urlencoded" : "application/json");
    }
    headers.set("x-tc-timestamp", timestamp);
    if (token) headers.set("x-tc-token", token);

    const lines = signedHeaders.map((name) => {
      const value = headers.get(name) ?? (name === "host" ? url.host : "");
      return `${name}:${(name === "content-type" ? value : value.toLowerCase()).trim()}\n`;
    });
    const names = signedHeaders.join(";");
    const payload = headers.get("x-tc-content-sha256") ?? (get ? "" : (body ?? ""));
    const canonical = [
      method,
      url.pathname,
      get ? url.search.slice(1) : "",
      lines.join(""),
      names,
      await sha256(payload),
    ];
    const text = [tc3.id, timestamp, scope, await sha256(canonical.join("\n"))].join("\n");
    const signed = await signature(text, `TC3${secretKey}`, date, service, "tc3_request");
    headers.set(
      "authorization",
      `${tc3.id} Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signed}`,
    );
  },
};
