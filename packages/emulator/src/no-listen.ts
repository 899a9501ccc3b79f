import type { openListener as inNode } from "./listen.js";

/** Where there is no `node:http`. */
export const openListener: typeof inNode = async () => {
  throw new Error("listen needs Node; use fetch here");
};
