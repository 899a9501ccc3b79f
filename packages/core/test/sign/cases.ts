// Run twice: over node:crypto and over WebCrypto.
import { describe, expect, test } from "vitest";
import { type Scheme, sdkHmac, sdkHmacScoped, tc3, tencentV1, type Unsigned } from "../../src/sign/index.js";
import published from "./published.json" with { type: "json" };
import { type Sent, sdkWitness, tc3Witness } from "./witness.js";

export function signature(request: Unsigned): string {
  return /Signature=([\da-f]{64})$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "no signature";
}

function request(method: string, url: string, headers: Record<string, string> = {}, body?: string | Uint8Array) {
  return { method, url: new URL(url), headers: new Headers(headers), body };
}

/** As it goes over the wire, with the Host that the runtime adds. */
function sent({ method, url, headers, body = "" }: ReturnType<typeof request>): Sent {
  const all = { host: url.host, ...Object.fromEntries(headers) };
  return { method, target: url.pathname + url.search, headers: all, body };
}

const tencent = { secretId: "AKIDexample", secretKey: "sk/example+密钥" };
const huawei = { ak: "AKexample", sk: "sk/example+密钥" };
const dcs = "https://dcs.eu-de.otc.t-systems.com";
const now = new Date("2024-12-31T23:59:59.999Z");

export function cases(): void {
  describe("published examples", () => {
    const schemes: Record<string, Scheme<never>> = { tc3, sdkHmac };
    test.each(published.filter(({ scheme }) => scheme !== "tencent-v1"))("$id", async (example) => {
      const it = request(example.method, example.url, { "content-type": example.contentType ?? "" }, example.body);
      if (example.action) it.headers.set("x-tc-action", example.action);
      const signedHeaders = example.signedHeaders?.split(";");
      const scheme = schemes[example.scheme] as Scheme<unknown>;
      await scheme.sign(it, { now: new Date(example.at as string), credentials: example.credentials, signedHeaders });
      expect(signature(it)).toBe(example.signature);
      expect(it.headers.get("authorization")).toContain(`SignedHeaders=${example.signedHeaders},`);
    });

    test.each(published.filter(({ scheme }) => scheme === "tencent-v1"))("$id", async (example) => {
      const it = request(example.method, `${example.url}?${new URLSearchParams(example.parameters)}`);
      const credentials = { secretId: example.parameters?.SecretId as string, secretKey: example.secretKey as string };
      await tencentV1.sign(it, { now, credentials });
      expect(it.url.searchParams.get("Signature")).toBe(example.signature);
    });
  });

  describe("against a second implementation", () => {
    const bodies = { text: '{"Password":"pä$$ 🧯"}', bytes: new Uint8Array([0, 255, 13, 10]), none: undefined };
    test.each(Object.entries(bodies))("TC3, body: %s", async (_, body) => {
      const it = request(
        "POST",
        "https://redis.ap-singapore.tencentcloudapi.com/",
        { "x-tc-action": "RestoreInstance" },
        body,
      );
      await tc3.sign(it, { now, credentials: { ...tencent, token: "tok/+=" } });
      expect(it.headers.get("x-tc-timestamp")).toBe("1735689599");
      expect(it.headers.get("x-tc-token")).toBe("tok/+=");
      expect(it.headers.get("authorization")).toMatch(
        /^TC3-HMAC-SHA256 Credential=AKIDexample\/2024-12-31\/redis\/tc3_request, /,
      );
      expect(signature(it)).toBe(tc3Witness(sent(it), tencent.secretKey, "redis", ["content-type", "host"]));
    });

    test("TC3 GET signs the query as it is sent, unsorted", async () => {
      const it = request("GET", "https://redis.tencentcloudapi.com/?Status.0=2&Remark=a%20b!'()*~%E4%BB%A4&Limit=1");
      await tc3.sign(it, { now, credentials: tencent });
      expect(it.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
      expect(signature(it)).toBe(tc3Witness(sent(it), tencent.secretKey, "redis", ["content-type", "host"]));
    });

    test("TC3 signs the port of the host, and the service it is told", async () => {
      const it = request("POST", "http://127.0.0.1:8080/", {}, "{}");
      await tc3.sign(it, { now, credentials: tencent, service: "redis" });
      expect(signature(it)).toBe(tc3Witness(sent(it), tencent.secretKey, "redis", ["content-type", "host"]));
    });

    test("TC3 unsigned payload", async () => {
      const it = request(
        "POST",
        "https://redis.tencentcloudapi.com/",
        { "x-tc-content-sha256": "UNSIGNED-PAYLOAD" },
        "{}",
      );
      await tc3.sign(it, { now, credentials: tencent });
      const witness = tc3Witness({ ...sent(it), body: "UNSIGNED-PAYLOAD" }, tencent.secretKey, "redis", [
        "content-type",
        "host",
      ]);
      expect(signature(it)).toBe(witness);
    });

    test("TC3 derives another key on another day, for another service and another secret", async () => {
      const of = async (at: string, service: string, secretKey: string) => {
        const it = request("POST", "https://x.tencentcloudapi.com/", {}, "{}");
        await tc3.sign(it, { now: new Date(at), credentials: { secretId: "id", secretKey }, service });
        expect(signature(it)).toBe(tc3Witness(sent(it), secretKey, service, ["content-type", "host"]));
      };
      for (let round = 0; round < 2; round++) {
        for (const at of ["2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z"]) {
          for (const service of ["redis", "cvm"]) for (const secret of ["k", "l"]) await of(at, service, secret);
        }
      }
      for (let index = 0; index < 200; index++) await of("2025-01-01T00:00:00Z", "redis", `k${index}`);
    });

    const targets = [
      "/",
      "/v1.0/p/instances",
      "/v1.0/p/instances/",
      "/v1.0/p//instances",
      "/v1/my%20cache/a'b(c)!*~",
      "/v1/%E4%BB%A4%F0%9F%A7%AF/urn%3afss%3Acn",
      "/v1/a%2Fb/%2525",
      "/v1/a+b=c@d:e,f;g$h&i",
      "/v1?b=2&a=1&a=0&a-b=3&a.b=4&A=5",
      "/v1?name=a%26b&name=b%20c&name=&flag",
      "/v1?name=!'()*~%2B%2f%3D&n=100%25%20%25zz&x=%F0%9F%A7%AF",
      "/v1?q=a=b",
    ];
    test.each(targets)("SDK-HMAC %s", async (target) => {
      const it = request("GET", `${dcs}:8443${target}`, {
        "content-type": "application/json",
        "x-a": "1",
        xa: "3",
        x_a: "2",
      });
      await sdkHmac.sign(it, { now, credentials: { ...huawei, securityToken: "st+/=" }, projectId: "p1" });
      const names = "content-type;host;x-a;x-project-id;x-sdk-date;x-security-token;x_a;xa";
      expect(it.headers.get("authorization")).toContain(`Access=AKexample, SignedHeaders=${names},`);
      expect(it.headers.get("x-sdk-date")).toBe("20241231T235959Z");
      // "a=b" as a value: the witness splits at every =
      const wire = { ...sent(it), target: target.replace("q=a=b", "q=a%3Db") };
      expect(signature(it)).toBe(sdkWitness(wire, huawei.sk));
    });

    test("SDK-HMAC bodies, unsigned payload, domain", async () => {
      for (const body of Object.values(bodies)) {
        for (const extra of [{}, { "x-sdk-content-sha256": "UNSIGNED-PAYLOAD" }]) {
          const it = request("POST", `${dcs}/v3/auth/domains`, { ...extra, traceparent: "00-1-2-00" }, body);
          await sdkHmac.sign(it, { now, credentials: { ...huawei, domainId: "d1" } });
          expect(it.headers.get("x-domain-id")).toBe("d1");
          it.headers.delete("traceparent");
          expect(signature(it)).toBe(sdkWitness(sent(it), huawei.sk));
        }
      }
    });

    test("signing again, for a second attempt, leaves the first signature out", async () => {
      const it = request("GET", `${dcs}/v1`);
      await sdkHmac.sign(it, { now: new Date(0), credentials: huawei });
      await sdkHmac.sign(it, { now, credentials: huawei });
      expect(signature(it)).toBe(sdkWitness(sent(it), huawei.sk));
    });

    test.each([
      { region: "", service: "" },
      { region: "eu-de", service: "dcs" },
    ])("scoped SDK-HMAC %o", async (scope) => {
      const it = request(
        "POST",
        `${dcs}/v1.0/p/instances/my%20cache/restores?a=3&b=1`,
        { "content-type": "application/json" },
        "{}\n",
      );
      await sdkHmacScoped.sign(it, { now, credentials: huawei, ...scope });
      const credential = `Credential=AKexample/20241231/${scope.region}/${scope.service}/sdk_request`;
      expect(it.headers.get("authorization")).toContain(
        `SDK-HMAC-SHA256 ${credential}, SignedHeaders=content-type;host;x-sdk-date,`,
      );
      expect(signature(it)).toBe(sdkWitness(sent(it), huawei.sk, scope));
    });

    test("scoped SDK-HMAC adds token and project, or domain, after signing", async () => {
      const temporary = { ...huawei, securityToken: "st" };
      const it = request("GET", `${dcs}/v1.0/p`);
      await sdkHmacScoped.sign(it, { now, credentials: temporary, projectId: "p1" });
      expect(it.headers.get("authorization")).toContain("SignedHeaders=host;x-sdk-date,");
      expect(Object.fromEntries(it.headers)).toMatchObject({ "x-security-token": "st", "x-project-id": "p1" });
      const other = request("GET", `${dcs}/v1.0/p`);
      await sdkHmacScoped.sign(other, { now, credentials: { ...temporary, domainId: "d1" }, projectId: "p1" });
      expect(other.headers.get("x-domain-id")).toBe("d1");
      expect(other.headers.has("x-project-id")).toBe(false);
    });

    test("scoped SDK-HMAC: the peculiarities of the tools' signer", async () => {
      const of = async (method: string, target: string, body?: string | Uint8Array) => {
        const it = request(method, dcs + target, {}, body);
        await sdkHmacScoped.sign(it, { now, credentials: huawei });
        return signature(it);
      };
      const as = (method: string, target: string, body = "") =>
        sdkWitness(
          { method, target, body, headers: { host: "dcs.eu-de.otc.t-systems.com", "x-sdk-date": "20241231T235959Z" } },
          huawei.sk,
          { region: "", service: "" },
        );
      expect(await of("POST", "/x?b=2&a=1%202&b=1")).toBe(as("POST", "/x", "a=1+2&b=2&b=1"));
      expect(await of("POST", "/x?a=1", new Uint8Array())).toBe(as("POST", "/x?a=1"));
      expect(await of("GET", "/x?a=2&a=1")).toBe(as("GET", "/x?a=2"));
      expect(await of("GET", "/a%2Fb")).toBe(as("GET", "/a/b"));
    });

    test("scoped SDK-HMAC: figures of gophertelekomcloud's signer", async () => {
      const credentials = { ak: "AKEXAMPLE00000000000", sk: "SKEXAMPLEnotarealkey00000000000000000000" };
      const of = async (query: string, extra: [string, string][]) => {
        const url = new URL(`${dcs}/v1.0/619d3e78f61b4be68bc5aa0b59edcf7b/instances${query}`);
        const it = { method: "GET", url, headers: new Map([["content-type", "application/json"], ...extra]) };
        await sdkHmacScoped.sign(it, { now: new Date("2025-01-02T03:04:05Z"), credentials });
        return signature(it);
      };
      expect(await of("?b=1&B=2&a=3&A=4", [])).toBe("5eec0b54972ce3ced66f0cdc3e5e1a2bf4032c3989a79a58471b2fa33ebf67a1");
      expect(await of("", [["x-custom-trace", "  padded  "]])).toBe(
        "4341689f2b1a7be32cff2e29b0f4961b19b5b82c352b641bd5a33653b322a070",
      );
    });

    test("what cannot be seen on the wire is not signed", async () => {
      const padded = { method: "GET", url: new URL(`${dcs}/v1?q=a+b`), headers: new Map([["x-a", "  a  b "]]) };
      await sdkHmac.sign(padded, { now, credentials: huawei });
      const headers = { host: padded.url.host, ...Object.fromEntries(padded.headers) };
      expect(signature(padded)).toBe(
        sdkWitness({ method: "GET", target: "/v1?q=a%20b", headers, body: "" }, huawei.sk),
      );

      const get = request("GET", "https://redis.tencentcloudapi.com/?A=1", {}, "no body of a GET");
      await tc3.sign(get, { now, credentials: tencent });
      expect(signature(get)).toBe(tc3Witness(sent(get), tencent.secretKey, "redis", ["content-type", "host"]));
    });

    test("signature v1: every parameter, dotted names sorted as text, POST form", async () => {
      const values = {
        Action: "X",
        "Status.2": "a b",
        "Status.10": "é&=+!'()*~",
        Nonce: "7",
        Timestamp: "1",
        Region: "r",
        SignatureMethod: "HmacSHA256",
      };
      const it = request("POST", "https://redis.tencentcloudapi.com/", {}, new URLSearchParams(values).toString());
      await tencentV1.sign(it, { now, credentials: { ...tencent, token: "t/" } });
      const { createHmac } = await import("node:crypto");
      const source =
        "POSTredis.tencentcloudapi.com/?Action=X&Nonce=7&Region=r&SecretId=AKIDexample&SignatureMethod=HmacSHA256" +
        "&Status.10=é&=+!'()*~&Status.2=a b&Timestamp=1&Token=t/";
      const want = createHmac("sha256", tencent.secretKey).update(source).digest("base64");
      expect(new URLSearchParams(it.body as string).get("Signature")).toBe(want);
      expect(it.body).toContain("Status.2=a%20b&Status.10=%C3%A9%26%3D%2B%21%27%28%29%2A~&");
      expect(it.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
    });

    test("signature v1 adds Nonce and Timestamp", async () => {
      const it = request("GET", "https://redis.tencentcloudapi.com/?Action=X");
      await tencentV1.sign(it, { now, credentials: tencent });
      expect(it.url.searchParams.get("Timestamp")).toBe("1735689599");
      expect(it.url.searchParams.get("Nonce")).toMatch(/^\d+$/);
      const first = it.url.search;
      await tencentV1.sign(it, { now, credentials: tencent });
      expect(it.url.search).toBe(first);
    });
  });
}
