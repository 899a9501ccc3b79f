import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { knownOf, RegistryError } from "../src/remote.js";
import { registryOf } from "../src/set.js";

/** A registry that answers everything with this. */
async function answering(body: string, status = 200) {
  const server = createServer((_, answer) => answer.writeHead(status).end(body)).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("what a registry answers", () => {
  test.each([
    ["null", "it answers no object: is it a registry?"],
    ["[]", "it answers no object: is it a registry?"],
    ['"yes"', "it answers no object: is it a registry?"],
    ["<html>", "it does not answer in JSON: is it a registry?"],
    ['{ "versions": [] }', "versions is no object"],
    ['{ "dist-tags": "latest" }', "dist-tags is no object"],
    ['{ "versions": { "0.1.0": {} } }', "0.1.0 has no dist"],
    ['{ "versions": { "0.1.0": null } }', "0.1.0 has no dist"],
    ['{ "versions": { "0.1.0": { "dist": { "integrity": 7 } } } }', "0.1.0 has no dist"],
  ])("%s is an error that names it and the package", async (body, what) => {
    const url = await answering(body);
    const error = await knownOf(url, "@restorekit/core").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RegistryError);
    expect((error as Error).message).toBe(`the registry at ${url}, asked for @restorekit/core: ${what}`);
  });

  test("a package that it does not know, or whose versions are gone, has none", async () => {
    const none = { versions: new Map(), newest: undefined };
    expect(await knownOf(await answering("{}", 404), "restorekit")).toEqual(none);
    expect(await knownOf(await answering("{}"), "restorekit")).toEqual(none);
  });

  test("the newest is the highest, as npm counts: no prerelease, nothing deprecated, but whatever is latest", async () => {
    const dist = { integrity: "sha512-x" };
    const versions = {
      "0.9.0": { dist },
      "0.10.0": { dist },
      "0.11.0-rc.1": { dist },
      "0.12.0": { dist, deprecated: "broken" },
    };
    const url = await answering(JSON.stringify({ versions }));
    expect(await knownOf(url, "restorekit")).toMatchObject({ newest: "0.10.0" });
    const tagged = await answering(JSON.stringify({ versions, "dist-tags": { latest: "0.12.0" } }));
    expect(await knownOf(tagged, "restorekit")).toMatchObject({ newest: "0.12.0" });
  });
});

describe("a registry's address", () => {
  test.each([
    "https://me:hush@registry.example.invalid/",
    "http://hush@127.0.0.1/",
    "ftp://me:hush@x",
    "https://me:hush@",
  ])("with a secret is refused, and the secret not repeated: %s", async (address) => {
    const error = await registryOf(address).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/registry's address/);
    expect((error as Error).message).not.toContain("hush");
  });

  test.each(["ftp://x", "file:///tmp", "x", "javascript:1"])("is not %s", async (address) => {
    await expect(registryOf(address)).rejects.toThrow(`${JSON.stringify(address)} is no registry's address`);
  });

  test.each(["http://127.0.0.1:4873", "https://registry.example.invalid/npm/"])("is %s", async (address) => {
    expect(await registryOf(address)).toBe(address.endsWith("/") ? address : `${address}/`);
  });
});
