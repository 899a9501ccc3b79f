import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as web from "../../src/sign/crypto.js";
import * as node from "../../src/sign/crypto.node.js";
import * as signing from "../../src/sign/index.js";

const { authToken, CredentialsError, sdkHmac, sdkHmacScoped, tc3, tencentV1 } = signing;
const now = new Date("2025-01-02T03:04:05Z");
const tencent = { secretId: "AKIDexample", secretKey: "CANARY-secret" };
const huawei = { ak: "AKexample", sk: "CANARY-secret" };

function request(): signing.Unsigned {
  return { method: "POST", url: new URL("https://redis.tencentcloudapi.com/"), headers: new Headers(), body: "" };
}

describe("credentials that cannot work", () => {
  const evil = "CANARY\r\nX-Evil: 1";
  test.each([
    [tc3, { ...tencent, secretId: "" }, "missing", "secretId"],
    [tc3, { ...tencent, secretKey: "" }, "missing", "secretKey"],
    [tc3, { secretId: "CANARY" }, "missing", "secretKey"],
    [tc3, { ...tencent, secretId: evil }, "malformed", "secretId"],
    [tc3, { ...tencent, secretId: "CANARY 密钥" }, "malformed", "secretId"],
    [tc3, { ...tencent, secretId: "CANARY, SignedHeaders=host" }, "malformed", "secretId"],
    [tc3, { ...tencent, secretKey: "CANARY\n" }, "malformed", "secretKey"],
    [tc3, { ...tencent, secretKey: 5 }, "malformed", "secretKey"],
    [tc3, { ...tencent, token: evil }, "malformed", "token"],
    [tencentV1, { ...tencent, token: evil }, "malformed", "token"],
    [tencentV1, { ...tencent, secretKey: "" }, "missing", "secretKey"],
    [sdkHmac, { ...huawei, ak: evil }, "malformed", "ak"],
    [sdkHmac, { ...huawei, sk: undefined }, "missing", "sk"],
    [sdkHmac, { ...huawei, securityToken: "CANARY\u0100" }, "malformed", "securityToken"],
    [sdkHmacScoped, { ...huawei, ak: null }, "missing", "ak"],
    [sdkHmacScoped, { ...huawei, domainId: evil }, "malformed", "domainId"],
    [authToken, { token: evil }, "malformed", "token"],
    [authToken, { token: "" }, "missing", "token"],
  ] as [signing.Scheme<unknown>, object, string, string][])("%# %o", async (scheme, credentials, code, field) => {
    const it = request();
    const error = await scheme.sign(it, { now, credentials }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error).toMatchObject({ name: "CredentialsError", code, field });
    expect(inspect(error, { depth: 9, showHidden: true }).split("\n    at ")[0]).not.toContain("CANARY");
    expect([...(it.headers as Headers)]).toEqual([]);
  });

  test("a project id that cannot be a header", async () => {
    const error = await sdkHmac.sign(request(), { now, credentials: huawei, projectId: evil }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "malformed", field: "projectId" });
  });
});

test("X-Auth-Token", async () => {
  const it = request();
  await authToken.sign(it, { now, credentials: { token: "MIIabc+/=" } });
  expect([...(it.headers as Headers)]).toEqual([["x-auth-token", "MIIabc+/="]]);
});

test("nothing that can be reached shows a key", async () => {
  const reached: unknown[] = [signing, await node.toKey("CANARY-secret"), await web.toKey("CANARY-secret")];
  for (const scheme of [tc3, tencentV1]) {
    const it = request();
    await scheme.sign(it, { now, credentials: tencent });
    reached.push(scheme, it, Object.fromEntries(it.headers as Headers));
  }
  for (const scheme of [sdkHmac, sdkHmacScoped]) {
    const it = request();
    await scheme.sign(it, { now, credentials: huawei });
    reached.push(scheme, it, Object.fromEntries(it.headers as Headers));
  }
  for (const thing of reached) {
    const text = inspect(thing, { depth: 99, showHidden: true, getters: true }) + JSON.stringify(thing);
    expect(text).not.toContain("CANARY");
    expect(text).not.toContain(Buffer.from("CANARY").toString("hex"));
    expect(text).not.toContain("43 41 4e 41 52 59");
  }
});
