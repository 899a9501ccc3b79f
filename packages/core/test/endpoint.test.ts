import { describe, expect, test } from "vitest";
import { EndpointError, type EndpointOptions, resolveEndpoint, UnknownRegionError } from "../src/endpoint.js";
import type { Endpoint, Service } from "../src/operation.js";

const service = (name: string, endpoints: Endpoint[]): Service => ({ name, version: "1", endpoints, errors: "huawei" });
const redis = service("tencentcloud-redis", [
  { url: "https://redis.tencentcloudapi.com", regions: ["ap-guangzhou", "ap-shanghai", "ap-hongkong", "eu-frankfurt"] },
  { url: "https://redis.{region}.tencentcloudapi.com", regions: ["ap-shanghai-fsi", "ap-shenzhen-fsi"] },
  { url: "https://redis.intl.tencentcloudapi.com", site: "intl" },
]);
const rds = service("huaweicloud-rds", [
  {
    url: "https://rds.{region}.myhuaweicloud.com",
    regions: ["cn-north-4", "cn-north-1", "cn-south-1", "ap-southeast-1"],
  },
  { url: "https://rds.{region}.myhuaweicloud.eu", regions: ["eu-west-101"] },
]);
const sites = service("huaweicloud-rds", [
  ...rds.endpoints,
  { url: "https://rds.myhuaweicloud.com", regions: ["la-south-2"] },
  { url: "https://rds.{region}.otc.t-systems.com", regions: ["eu-de", "eu-nl"], site: "otc" },
]);
const dcs = service("opentelekomcloud-dcs", [
  { url: "https://dcs.eu-de.otc.t-systems.com", regions: ["eu-de"] },
  { url: "https://dcs.eu-nl.otc.t-systems.com/", regions: ["eu-nl"] },
]);

const demo = service("demo", [{ url: "https://demo.{region}.example.com", regions: ["north-1", "south"] }]);

const attempt = (of: Service, options: EndpointOptions) => {
  try {
    return resolveEndpoint(of, options);
  } catch (error) {
    return error;
  }
};

describe("by region and site", () => {
  test.each<[Service, EndpointOptions, string]>([
    [redis, {}, "https://redis.tencentcloudapi.com"],
    [redis, { region: "ap-guangzhou" }, "https://redis.tencentcloudapi.com"],
    [redis, { region: "ap-shanghai-fsi" }, "https://redis.ap-shanghai-fsi.tencentcloudapi.com"],
    [redis, { region: "ap-guangzhou", site: "intl" }, "https://redis.intl.tencentcloudapi.com"],
    [redis, { site: "intl" }, "https://redis.intl.tencentcloudapi.com"],
    [redis, { region: "ap-shenzhen-fsi", site: "intl" }, "https://redis.ap-shenzhen-fsi.tencentcloudapi.com"],
    [rds, { region: "cn-north-4" }, "https://rds.cn-north-4.myhuaweicloud.com"],
    [rds, { region: "eu-west-101" }, "https://rds.eu-west-101.myhuaweicloud.eu"],
    [dcs, { region: "eu-nl" }, "https://dcs.eu-nl.otc.t-systems.com"],
  ])("%#", (of, options, want) => {
    expect(resolveEndpoint(of, options)).toBe(want);
  });

  test.each<[Service, EndpointOptions, readonly string[]]>([
    [redis, { region: "ap-guangzou" }, ["ap-guangzhou"]],
    [redis, { region: "guangzhou" }, ["ap-guangzhou"]],
    [redis, { region: "ap-shanghai-fsj" }, ["ap-shanghai-fsi", "ap-shanghai"]],
    [rds, { region: "cn-north-2" }, ["cn-north-4", "cn-north-1"]],
    [dcs, { region: "eu-dee" }, ["eu-de"]],
    [dcs, { region: "completely-different" }, []],
    [redis, { region: "evil.example/#", site: "intl" }, []],
    [dcs, { region: "" }, []],
    [redis, { region: "ap-guangzou", site: "intl" }, ["ap-guangzhou"]],
  ])("unknown %#", (of, options, near) => {
    const error = attempt(of, options);
    expect(error).toBeInstanceOf(UnknownRegionError);
    expect(error).toMatchObject({ name: "UnknownRegionError", code: "region", region: options.region, near });
    for (const name of near) expect((error as Error).message).toContain(name);
  });

  test.each<[EndpointOptions, string]>([
    [{ region: "eu-de" }, 'huaweicloud-rds: no region "eu-de", site "otc" has it'],
    [{ region: "la-south-2", site: "otc" }, 'huaweicloud-rds: no region "la-south-2", it is there without site'],
    [{ region: "eu-fr", site: "otc" }, 'huaweicloud-rds: no region "eu-fr", try eu-de, eu-nl'],
  ])("says which site has it %#", (options, message) => {
    expect(attempt(sites, options)).toMatchObject({ code: "region", region: options.region, message });
  });

  test("a region is asked for where the host depends on it, and a site must exist", () => {
    for (const of of [rds, dcs]) expect(attempt(of, {})).toMatchObject({ code: "region", region: undefined });
    expect(String(attempt(dcs, {}))).toContain("region is missing, try eu-de, eu-nl");
    expect(attempt(redis, { site: "moon" })).toMatchObject({ code: "site", name: "EndpointError" });
  });
});

describe("override", () => {
  test.each<[Service, string, EndpointOptions, string]>([
    [redis, "https://redis.ap-singapore.tencentcloudapi.com", {}, "https://redis.ap-singapore.tencentcloudapi.com"],
    [redis, "https://redis.internal.tencentcloudapi.com/", {}, "https://redis.internal.tencentcloudapi.com"],
    [
      rds,
      "HTTPS://RDS.cn-east-3.MyHuaweiCloud.com:443/base/path//",
      {},
      "https://rds.cn-east-3.myhuaweicloud.com/base/path",
    ],
    [dcs, "https://dcs.eu-ch2.sc.otc.t-systems.com:8443", {}, "https://dcs.eu-ch2.sc.otc.t-systems.com:8443"],
    // A region that the service lists may have any name.
    [demo, "https://demo.north-1.example.com", { region: "north-1" }, "https://demo.north-1.example.com"],
    [demo, "https://demo.south.example.com", { region: "north-1" }, "https://demo.south.example.com"],
    [dcs, "http://localhost:8080", {}, "http://localhost:8080"],
    [dcs, "http://127.0.0.2:8080/x", {}, "http://127.0.0.2:8080/x"],
    [dcs, "http://[::1]:8080", {}, "http://[::1]:8080"],
    [dcs, "https://proxy.example", { trustEndpoint: true }, "https://proxy.example"],
    [dcs, "http://10.0.0.1", { trustEndpoint: true, allowInsecure: true }, "http://10.0.0.1"],
    [dcs, "http://dcs.eu-de.otc.t-systems.com", { allowInsecure: true }, "http://dcs.eu-de.otc.t-systems.com"],
  ])("taken %#", (of, endpoint, options, want) => {
    expect(attempt(of, { ...options, endpoint })).toBe(want);
  });

  test.each<[string, EndpointOptions, string]>([
    ["", {}, "malformed"],
    ["dcs.eu-de.otc.t-systems.com", {}, "malformed"],
    ["ftp://dcs.eu-de.otc.t-systems.com", {}, "malformed"],
    ["https:dcs.eu-de.otc.t-systems.com", {}, "malformed"],
    ["https:///dcs.eu-de.otc.t-systems.com", {}, "malformed"],
    ["https://user:CANARY@dcs.eu-de.otc.t-systems.com", {}, "malformed"],
    ["https://dcs.eu-de.otc.t-systems.com@evil.example", {}, "malformed"],
    ["https://evil.example\\.otc.t-systems.com", {}, "malformed"],
    ["https://dcs.eu-de.otc.t-systems.com?x=CANARY", {}, "malformed"],
    ["https://dcs.eu-de.otc.t-systems.com/#", {}, "malformed"],
    ["https://dcs.eu-de.otc.t-systems.com\n", {}, "malformed"],
    ["https://dcs.eu-de.otc.t-systems.com:99999", {}, "malformed"],
    ["http://dcs.eu-de.otc.t-systems.com", {}, "insecure"],
    ["http://dcs.eu-de.otc.t-systems.com", { trustEndpoint: true }, "insecure"],
    ["http://127.0.0.1.evil.example", {}, "insecure"],
    ["http://localhost.evil.example", {}, "insecure"],
    ["http://10.0.0.1", { allowInsecure: true }, "foreign"],
    ["https://evil.example", {}, "foreign"],
    ["https://otc.t-systems.com.evil.example", {}, "foreign"],
    ["https://evilotc.t-systems.com", {}, "foreign"],
    ["https://www.t-systems.com", {}, "foreign"],
    ["https://rds.cn-north-4.myhuaweicloud.com", {}, "foreign"],
  ])("refused: %j %o", (endpoint, options, code) => {
    const error = attempt(dcs, { ...options, endpoint });
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain("CANARY");
  });

  test.each<[Service, string, EndpointOptions]>([
    [sites, "https://rds.eu-de.otc.t-systems.com", { region: "eu-de", site: "otc" }],
    [sites, "https://rds.eu-de.otc.t-systems.com", { site: "otc" }],
    [sites, "https://rds.cn-east-3.myhuaweicloud.com", { region: "cn-north-4" }],
    [sites, "https://rds.eu-west-101.myhuaweicloud.eu", {}],
    [sites, "https://rds.cn-new-9.myhuaweicloud.com", { region: "cn-new-9" }],
    [dcs, "https://dcs.eu-nl.otc.t-systems.com", { region: "eu-de" }],
    [redis, "https://redis.intl.tencentcloudapi.com", { region: "ap-guangzhou", site: "intl" }],
  ])("in the family of its region and site: %#", (of, endpoint, options) => {
    expect(attempt(of, { ...options, endpoint })).toBe(endpoint);
  });

  test.each<[Service, string, EndpointOptions]>([
    [sites, "https://rds.eu-de.otc.t-systems.com", { region: "cn-north-4" }],
    [sites, "https://rds.eu-de.otc.t-systems.com", { region: "eu-de" }],
    [sites, "https://rds.eu-de.otc.t-systems.com", {}],
    [sites, "https://rds.cn-north-4.myhuaweicloud.com", { region: "eu-de", site: "otc" }],
    [sites, "https://rds.cn-north-4.myhuaweicloud.com", { site: "moon" }],
    [sites, "https://rds.eu-west-101.myhuaweicloud.eu", { region: "cn-north-4" }],
    [dcs, "https://bucket.obs.eu-de.otc.t-systems.com", { region: "eu-de" }],
    [dcs, "https://dcs.obs.eu-de.otc.t-systems.com", { region: "eu-de" }],
    [dcs, "https://dcs.obs-website.eu-de.otc.t-systems.com", {}],
    [rds, "https://rds.obs.myhuaweicloud.com", {}],
    [dcs, "https://rds.eu-de.otc.t-systems.com", { region: "eu-de" }],
    [redis, "https://cvm.tencentcloudapi.com", { region: "ap-guangzhou" }],
    [redis, "https://redis.a.b.tencentcloudapi.com", { region: "ap-guangzhou" }],
  ])("outside the family of its region and site: %#", (of, endpoint, options) => {
    expect(attempt(of, { ...options, endpoint })).toMatchObject({ code: "foreign" });
    expect(attempt(of, { ...options, endpoint, trustEndpoint: true })).toBe(endpoint);
  });

  test("a host of two labels does not make its top-level domain a family", () => {
    expect(attempt(service("s", [{ url: "https://example.com" }]), { endpoint: "https://evil.com" })).toMatchObject({
      code: "foreign",
    });
  });
});
