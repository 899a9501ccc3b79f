import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import type { SourcedProvider, SourceError } from "../../src/node/index.js";

/** A machine of its own: home, etc and cwd in a new folder, with these files in it. */
export function machine(files: Record<string, string> = {}, env: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), "restorekit-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const at = (name: string) => join(root, name);
  const local = Object.entries(env).map(([name, value]) => [name, value.replace("ROOT", root)]);
  return {
    root,
    home: at("home"),
    etc: at("etc"),
    cwd: at("cwd"),
    env: Object.fromEntries(local),
    metadata: false as const,
  };
}

/** A metadata service on loopback. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The error of a provider; neither it nor the provider shows a secret. */
export async function failure(provider: SourcedProvider<unknown>): Promise<SourceError> {
  const error = await provider().then(
    () => expect.unreachable("credentials were found"),
    (thrown: SourceError) => thrown,
  );
  expect(error.name, inspect(error)).toBe("SourceError");
  secretless(provider, error);
  return error;
}

/** Every secret in these tests has CANARY in it. */
export function secretless(...reached: object[]) {
  for (const each of reached) {
    const seen = [inspect(each, { depth: 9, showHidden: true, getters: true }), JSON.stringify(each), String(each)];
    if (each instanceof Error) seen.push(String(each.stack), inspect(each.cause), JSON.stringify(Object.entries(each)));
    // The stack quotes paths of this repository only, the source text of functions nothing of a caller.
    expect(seen.join("\n")).not.toContain("CANARY");
  }
}
