import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installed } from "./install.js";

const PACKAGES = [
  "@huaweicloud/huaweicloud-sdk-core@3.1.211",
  "@huaweicloud/huaweicloud-sdk-gaussdbfornosql@3.1.215",
  "esbuild@0.28.2",
  "openapi-fetch@0.17.0",
  "tencentcloud-sdk-nodejs@4.1.313",
];
/** The service's package asks for a core that not every registry has. */
const OVERRIDES = { "@huaweicloud/huaweicloud-sdk-core": "$@huaweicloud/huaweicloud-sdk-core" };

/** The folder with what ours is measured beside; installed once, outside the workspace. */
export function peersFolder(): string {
  const folder = fileURLToPath(new URL("../../../node_modules/.cache/restorekit-bench/report", import.meta.url));
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, overrides: OVERRIDES }));
  }
  return installed("report", PACKAGES);
}

/** A peer, loaded as a program in that folder would. */
export function peer(name: string) {
  return createRequire(join(peersFolder(), "package.json"))(name);
}
