import { type Received, verify } from "@restorekit/emulator/signature";
import { createClient as connectGemini } from "@restorekit/huaweicloud-geminidb";
import { createClient as connectRds } from "@restorekit/huaweicloud-rds";
import { createClient as connectDcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as connectRedis } from "@restorekit/tencentcloud-redis";
import { loadBundle } from "./bundles.js";
import { type Case, casesOf } from "./cases.js";
import { rehearseRestores } from "./rehearse-restores.js";
import { SECRETS } from "./secrets.js";
import { listen } from "./server.js";

// The five documented operations, from bundle to signed request to typed answer, and then whole restores through the
// façade; all of it against servers on this machine.

const akSk = { ak: SECRETS.ak, sk: SECRETS.sk };
const { secretId, secretKey } = SECRETS;

let expected: Case | undefined;
let seen: { line: string; signature: string } | undefined;
const server = await listen(answer);
const { endpoint } = server;

const redis = connectRedis({ endpoint, region: "ap-guangzhou", credentials: { secretId, secretKey } });
const dcs = connectDcs({ endpoint, credentials: akSk });
const gemini = connectGemini({ endpoint, credentials: akSk });
const rds = connectRds({ endpoint, credentials: akSk });

const rehearsals = [
  rehearsal("tencentcloud-redis", "restoreInstance", redis.restoreInstance),
  rehearsal("tencentcloud-redis", "describeInstanceBackups", redis.describeInstanceBackups),
  rehearsal("opentelekomcloud-dcs", "restoreInstanceV1", dcs.restoreInstanceV1),
  rehearsal("huaweicloud-geminidb", "restoreRedisPitr", gemini.restoreRedisPitr),
  rehearsal("huaweicloud-rds", "restoreToExistingInstance", rds.restoreToExistingInstance),
];

const rows: string[][] = [["operation", "signed request", "by", "answer", "ms"]];
let failures = 0;
for (const { one, call } of rehearsals) {
  expected = one;
  const started = performance.now();
  const outcome = await call(one.input as never).then(
    (result) => first(result),
    (error) => {
      failures++;
      return String(error);
    },
  );
  const ms = (performance.now() - started).toFixed(1);
  rows.push([`${one.service} ${one.operation}`, seen?.line ?? "nothing arrived", seen?.signature ?? "", outcome, ms]);
}
await server.close();

print(rows);
const documented = `${rehearsals.length - failures} of ${rehearsals.length} documented calls went out signed and came back typed.`;
console.log(`\n${documented}\n`);

const restores = await rehearseRestores();
print(restores.rows);
const all = restores.rows.length - 1;
console.log(
  `\n${all - restores.surprises} of ${all} restores went as they should, over loopback in real time. No cloud was touched.`,
);
process.exitCode = failures + restores.surprises > 0 ? 1 : 0;

function print(table: readonly string[][]) {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    console.log(cells.join("  ").trimEnd());
  }
}

function rehearsal(service: string, operation: string, call: (input: never) => Promise<unknown>) {
  const one = casesOf(service, loadBundle(service)).find((found) => found.operation === operation && found.ok);
  if (!one) throw new Error(`${service} documents no example of ${operation}`);
  return { one, call };
}

async function answer(request: Received) {
  const refused = await verify(request, SECRETS, { now: Date.now() });
  const path = request.target.replace(/\/([\w-]{8})[\w-]{12,}/g, "/$1…");
  const { authorization = "X-Auth-Token" } = request.headers;
  seen = { line: `${request.method} ${path}`, signature: authorization.split(" ")[0] ?? "" };
  if (refused || !expected) return { status: 401, body: { error_code: "APIGW.0301", error_msg: refused?.detail } };
  return expected.answer;
}

/** The first field of a result, to show that it arrived. */
function first(result: unknown) {
  const [name, value] = Object.entries(result as object).find(([key]) => key !== "RequestId") ?? [];
  return name === undefined ? "done" : `${name} ${Array.isArray(value) ? `(${value.length})` : value}`;
}
