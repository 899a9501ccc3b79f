import { KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import * as chosen from "#crypto";
import * as web from "../../src/sign/crypto.js";
import * as node from "../../src/sign/crypto.node.js";
import { cases } from "./cases.js";

test("Node signs with node:crypto", async () => {
  expect(await chosen.toKey("k")).toHaveProperty("key", expect.any(KeyObject));
});

cases();

test.each(["", "text", "密钥 é", new Uint8Array([0, 128, 255])])("both backends agree on %o", async (data) => {
  expect(await node.sha256(data)).toBe(await web.sha256(data));
  for (const hash of ["SHA-1", "SHA-256"]) {
    for (const secret of ["k", "密钥", "x".repeat(200), new Uint8Array([1, 2, 3])]) {
      const ours = await node.hmac(await node.toKey(secret, hash), String(data));
      const theirs = await web.hmac(await web.toKey(secret, hash), String(data));
      expect(node.hex(ours)).toBe(web.hex(theirs));
    }
  }
});
