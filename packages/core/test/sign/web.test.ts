import { expect, test, vi } from "vitest";
import * as chosen from "#crypto";
import { cases } from "./cases.js";

// What other runtimes load instead.
vi.mock("#crypto", () => import("../../src/sign/crypto.js"));

test("here signing uses WebCrypto", () => {
  expect(chosen.sha256("")).toBeInstanceOf(Promise);
});

cases();
