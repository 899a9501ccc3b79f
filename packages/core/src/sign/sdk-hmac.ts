import { sha256 } from "#crypto";
import { joined, parameters, respell } from "./canonical.js";
import { check, KEY, need } from "./credentials.js";
import { signature } from "./keys.js";
import type { AkSkCredentials, Scheme, Unsigned } from "./types.js";

/** `20250102T030405Z` */
export function sdkDate(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace(/\W/g, "")}Z`;
}

export function checkAkSk({ ak, sk, securityToken, domainId }: AkSkCredentials, projectId: string | undefined): void {
  need({ ak });
  need({ sk }, KEY);
  check({ securityToken, domainId, projectId });
}

/** The header block and the names of all headers set so far, less those that others may change on the way. */
export function signable({ url, headers }: Unsigned, spell: (value: string) => string): [block: string, names: string] {
  const values = new Map([["host", url.host]]);
  headers.forEach((value, name) => {
    if (!/^(authorization|trace(parent|state)|baggage)$/i.test(name)) values.set(name.toLowerCase(), spell(value));
  });
  const names = [...values.keys()].sort();
  return [names.map((name) => `${name}:${values.get(name)}\n`).join(""), names.join(";")];
}

/** Huawei Cloud AK/SK signature, `Access=` form. Signs every header that is set, so add volatile ones afterwards. */
export const sdkHmac: Scheme<AkSkCredentials> = {
  id: "SDK-HMAC-SHA256",
  async sign(request, { now, credentials, projectId }) {
    checkAkSk(credentials, projectId);
    const { method, url, headers, body } = request;
    const { ak, sk, securityToken, domainId } = credentials;
    const date = sdkDate(now);

    headers.set("x-sdk-date", date);
    if (projectId) headers.set("x-project-id", projectId);
    else if (domainId) headers.set("x-domain-id", domainId);
    if (securityToken) headers.set("x-security-token", securityToken);

    const [block, names] = signable(request, (value) => value.trim());
    const path = url.pathname.split("/").map(respell).join("/").replace(/\/?$/, "/");
    const payload = headers.get("x-sdk-content-sha256") ?? (await sha256(body ?? ""));
    const canonical = [method, path, joined(parameters(url).sort()), block, names, payload].join("\n");
    const signed = await signature([sdkHmac.id, date, await sha256(canonical)].join("\n"), sk);
    headers.set("authorization", `${sdkHmac.id} Access=${ak}, SignedHeaders=${names}, Signature=${signed}`);
  },
};
