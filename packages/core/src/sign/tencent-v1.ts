import { hmac, toKey } from "#crypto";
import { check, KEY, need } from "./credentials.js";
import type { Scheme, Tc3Credentials } from "./types.js";

/**
 * Tencent's first signature, for old endpoints; no client uses it. Parameters stand in the query of a GET or in the
 * form of a POST; SignatureMethod is HmacSHA1 unless it says HmacSHA256; Nonce and Timestamp are added where missing.
 */
export const tencentV1: Scheme<Tc3Credentials> = {
  id: "tencent-v1",
  async sign(request, { now, credentials: { secretId, secretKey, token } }) {
    need({ secretId });
    need({ secretKey }, KEY);
    check({ token });
    const { method, url, headers } = request;
    const get = method === "GET";
    if (request.body instanceof Uint8Array) throw new TypeError("signature v1 signs a form, not bytes");
    const parameters = new URLSearchParams(get ? url.search : request.body);
    const add = (name: string, value: string) => parameters.has(name) || parameters.set(name, value);
    add("Nonce", String(crypto.getRandomValues(new Uint32Array(1))[0]));
    add("Timestamp", String(Math.floor(now.getTime() / 1000)));
    parameters.set("SecretId", secretId);
    if (token) parameters.set("Token", token);
    parameters.delete("Signature");

    const names = [...parameters.keys()].sort();
    const source = names.map((name) => `${name}=${parameters.get(name)}`).join("&");
    const key = await toKey(secretKey, parameters.get("SignatureMethod") === "HmacSHA256" ? "SHA-256" : "SHA-1");
    const signed = await hmac(key, `${method}${headers.get("host") ?? url.host}${url.pathname}?${source}`);
    parameters.set("Signature", btoa(String.fromCharCode(...signed)));

    const text = [...parameters].map((pair) => pair.map(escaped).join("=")).join("&");
    if (get) url.search = text;
    else {
      request.body = text;
      headers.set("content-type", "application/x-www-form-urlencoded");
    }
  },
};

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
