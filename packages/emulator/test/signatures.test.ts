import { createClient as connectRds } from "@restorekit/huaweicloud-rds";
import { loginToken } from "@restorekit/identity";
import { createClient as connectDcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as connectRedis } from "@restorekit/tencentcloud-redis";
import { describe, expect, test } from "vitest";
import { verify } from "../src/signature/verify.js";
import { cloud, DCS_INSTANCE, outcome, RDS, REDIS } from "./cloud.js";

const NONE = { secretId: "", secretKey: "", ak: "", sk: "", token: "" };

describe("published vectors", () => {
  const tc3 = (signature: string) => ({
    method: "POST",
    target: "/",
    headers: {
      host: "cvm.tencentcloudapi.com",
      "content-type": "application/json; charset=utf-8",
      "x-tc-timestamp": "1551113065",
      authorization: `TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
    },
    body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  });
  const keys = {
    ...NONE,
    secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
    secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
  };

  test("TC3", async () => {
    const check = { now: 1551113065_000, lenientHost: true };
    const good = tc3("72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
    expect(await verify(good, keys, check)).toBeUndefined();
    expect(await verify(tc3("0".repeat(64)), keys, check)).toMatchObject({ reason: "mismatch" });
    // The service of the scope is checked, unless leniency was asked for.
    expect(await verify(good, keys, { now: check.now })).toMatchObject({ reason: "mismatch" });
  });

  test("SDK-HMAC", async () => {
    const request = {
      method: "GET",
      target: "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
      headers: {
        host: "service.region.example.com",
        "content-type": "application/json",
        "x-sdk-date": "20191115T033655Z",
        authorization:
          "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
      },
      body: "",
    };
    const access = { ...NONE, ak: "QTWAOYTTINDUT2QVKYUC", sk: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc" };
    const now = Date.UTC(2019, 10, 15, 3, 36, 55);
    expect(await verify(request, access, { now })).toBeUndefined();
    const other = { ...request, target: `${request.target}&limit=3` };
    expect(await verify(other, access, { now })).toMatchObject({ reason: "mismatch" });
    expect(await verify(request, access, { now: now + 901_000 })).toMatchObject({ reason: "skew" });
  });
});

describe("who is not let in", () => {
  test.each([
    [{ secretId: "AKIDother", secretKey: "x" }, "200 AuthFailure.SecretIdNotFound"],
    [{ secretId: "AKIDemulator", secretKey: "x" }, "200 AuthFailure.SignatureFailure"],
  ])("Tencent %o", async (credentials, want) => {
    const { shared, emulator } = cloud();
    const redis = connectRedis({ ...shared, region: "ap-guangzhou", credentials });
    expect(await outcome(redis.restoreInstance(REDIS))).toBe(want);
    expect(emulator.journal.entries.at(-1)?.executed).toBe(0);
  });

  test.each([
    [{ ak: "other", sk: "x" }, "401 APIGW.0301", "401 APIGW.0301"],
    [{ ak: "EMULATORACCESSKEY", sk: "x" }, "401 APIGW.0301", "401 APIGW.0301"],
    [{ token: "other" }, "401 DCS.1001", "401 APIGW.0301"],
  ])("DCS and RDS %o", async (credentials, dcsWant, rdsWant) => {
    const { shared } = cloud();
    const dcs = connectDcs({ ...shared, region: "eu-de", credentials });
    const rds = connectRds({ ...shared, region: "cn-north-4", credentials });
    expect(await outcome(dcs.showInstance(DCS_INSTANCE))).toBe(dcsWant);
    expect(await outcome(rds.listBackups({ instance_id: RDS.instance_id }))).toBe(rdsWant);
  });

  test("a request without credentials", async () => {
    const { emulator } = cloud();
    const { projectId } = emulator.credentials;
    const get = async (url: string) => (await emulator.fetch(url)).json();
    expect(await get(`https://dcs.eu-de.otc.t-systems.com/v2/${projectId}/instances`)).toMatchObject({
      error_code: "DCS.1003",
    });
    expect(await get(`https://rds.eu-de.otc.t-systems.com/v3/${projectId}/instances`)).toMatchObject({
      error_code: "APIGW.0301",
    });
  });

  test.each([
    [-301_000, "200 AuthFailure.SignatureExpire"],
    [301_000, "200 AuthFailure.SignatureExpire"],
    [299_000, "done"],
  ])("a Tencent clock that is %i ms off", async (ms, want) => {
    const { shared, clock, emulator } = cloud();
    const { secretId, secretKey } = emulator.credentials;
    const redis = connectRedis({
      ...shared,
      region: "ap-guangzhou",
      credentials: { secretId, secretKey },
      now: () => clock.now() + ms,
    });
    expect(await outcome(redis.describeInstances({}))).toBe(want);
  });
});

describe("tokens", () => {
  const login = (projectId: string, password = "emulator-password") => ({
    auth: {
      identity: {
        methods: ["password" as const],
        password: { user: { name: "emulator", password, domain: { name: "EMULATOR" } } },
      },
      scope: { project: { id: projectId } },
    },
  });

  test("issued ones are good for a day, and a client renews them", async () => {
    const { shared, emulator, identity, clock } = cloud();
    const { projectId } = emulator.credentials;
    const credentials = loginToken(identity, login(projectId) as never);
    const dcs = connectDcs({ ...shared, region: "eu-de", credentials });
    expect(await outcome(dcs.showInstance(DCS_INSTANCE))).toBe("done");
    const { "X-Subject-Token": token } = await identity.createToken(login(projectId) as never);
    const stale = connectDcs({ ...shared, region: "eu-de", credentials: { token } });
    await clock.sleep(25 * 3_600_000);
    expect(await outcome(stale.showInstance(DCS_INSTANCE))).toBe("401 DCS.1002");
    expect(await outcome(dcs.showInstance(DCS_INSTANCE))).toBe("done");
  });

  test("those of another project are refused", async () => {
    const { shared, emulator, identity } = cloud();
    emulator.state.projects.push({ id: "f".repeat(32), name: "other", domainId: "d" });
    const { "X-Subject-Token": token } = await identity.createToken(login("f".repeat(32)) as never);
    const dcs = connectDcs({ ...shared, region: "eu-de", credentials: { token } });
    const rds = connectRds({ ...shared, region: "cn-north-4", credentials: { token } });
    expect(await outcome(dcs.showInstance(DCS_INSTANCE))).toBe("401 DCS.1004");
    expect(await outcome(rds.listInstances({}))).toBe("403 DBS.280056");
  });

  test("a wrong password and an unknown project", async () => {
    const { emulator, identity } = cloud();
    const { projectId } = emulator.credentials;
    expect(await outcome(identity.createToken(login(projectId, "wrong") as never))).toBe("401 401");
    expect(await outcome(identity.createToken(login("other") as never))).toBe("400 IAM.1109");
  });

  test("projects are found by name", async () => {
    const { emulator, identity } = cloud();
    const { projects } = await identity.listProjects({ name: "eu-de" });
    expect(projects.map(({ id }) => id)).toEqual([emulator.credentials.projectId]);
    expect((await identity.listAuthProjects({})).projects).toHaveLength(1);
    expect((await identity.listProjects({ name: "other" })).projects).toEqual([]);
  });
});
