import { spawn } from "node:child_process";
import { expect, test } from "vitest";

// Elsewhere there is no eval, no module of Node, and no hash but WebCrypto's.
const SCRIPT = `
  import { registerHooks } from "node:module";
  process.getBuiltinModule = undefined;
  registerHooks({
    resolve(name, context, next) {
      if (/^node:/.test(name) && context.parentURL?.includes("/emulator/")) throw new Error("asked for " + name);
      return next(name, context);
    },
  });
  const { createEmulator } = await import("@restorekit/emulator");
  const { verify } = await import("@restorekit/emulator/signature");
  const emulator = createEmulator();
  const { token, projectId } = emulator.credentials;
  const url = "https://dcs.eu-de.otc.t-systems.com/v2/" + projectId + "/instances?limit=10";
  const answer = await emulator.fetch(url, { headers: { "x-auth-token": token } });
  const { instance_num } = await answer.json();
  const listening = await emulator.listen().catch((error) => error.message);
  const headers = {
    host: "service.region.example.com",
    "content-type": "application/json",
    "x-sdk-date": "20191115T033655Z",
    authorization: "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
  };
  const target = "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0";
  const keys = { ak: "QTWAOYTTINDUT2QVKYUC", sk: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc" };
  const refused = await verify({ method: "GET", target, headers, body: "" }, keys, { now: Date.UTC(2019, 10, 15, 3, 36) });
  console.log(answer.status, instance_num, refused, listening);
`;

test.each(["workerd", "browser"])("fetch needs nothing of Node: %s", async (condition) => {
  const args = ["-C", condition, "--disallow-code-generation-from-strings", "--input-type=module", "--eval", SCRIPT];
  expect(await run(args)).toBe("200 1 undefined listen needs Node; use fetch here");
});

function run(args: string[]): Promise<string> {
  const cwd = new URL("..", import.meta.url).pathname;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(output.trim()));
  });
}
