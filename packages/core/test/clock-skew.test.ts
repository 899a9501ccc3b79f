import { describe, expect, test } from "vitest";
import { connect } from "./demo.js";
import { virtualClock } from "./virtual-clock.js";

type Client = ReturnType<typeof connect>;
const write = (client: Client) => client.restore({ instance_id: "i-1", backup_id: "b-1" });
const read = (client: Client) => client.listRestores({ instance_id: "i-1" });

const HOUR = 3_600_000;

/** A service that refuses signatures more than 15 minutes off, and says what time it is. */
function world(off: { ms: number; date?: string | null | undefined }) {
  const clock = virtualClock();
  const sent: number[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const stamp = new Headers(init?.headers).get("x-sdk-date") ?? "";
    const signed = Date.parse(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
    sent.push(Math.round((signed - clock.now()) / 1000));
    if (Math.abs(signed - clock.now()) <= 900_000) return new Response('{"id":"r-1","restores":[]}');
    const date = off.date === undefined ? new Date(clock.now()).toUTCString() : off.date;
    return new Response('{"error_code":"APIGW.0303"}', { status: 401, headers: date === null ? {} : { date } });
  };
  const client = connect({ fetch, now: () => clock.now() + off.ms, sleep: clock.sleep });
  return { client, sent, clock };
}

describe.each([HOUR, -HOUR, 400 * 24 * HOUR])("a clock that is off by %i ms", (ms) => {
  test("a read is corrected once, and the next calls are right at once", async () => {
    const { client, sent } = world({ ms });
    await read(client);
    await write(client);
    await read(client);
    expect(sent).toEqual([Math.round(ms / 1000), 0, 0, 0]);
  });

  test("a write is reported, not sent again; the next one is right", async () => {
    const { client, sent } = world({ ms });
    await expect(write(client)).rejects.toMatchObject({ code: "APIGW.0303", executed: "no" });
    expect(sent).toHaveLength(1);
    await write(client);
    expect(sent).toEqual([Math.round(ms / 1000), 0]);
  });
});

test.each<[string, string | null]>([
  ["no date", null],
  ["garbage", "yesterday"],
  ["a date beyond all years", "Fri, 31 Dec 275759 23:59:59 GMT"],
  ["a date before all years", "Fri, 31 Dec 0001 23:59:59 GMT"],
  ["a date that is off itself", "Thu, 01 Jan 1970 00:00:00 GMT"],
])("%s does not help, and the read ends", async (_, date) => {
  const { client, sent } = world({ ms: HOUR, date });
  await expect(read(client)).rejects.toMatchObject({ code: "APIGW.0303", executed: "no" });
  expect(sent).toHaveLength(2);
});

test("an answer without a date does not undo a correction", async () => {
  const off = { ms: HOUR, date: undefined as string | null | undefined };
  const { client, sent } = world(off);
  await read(client);
  // The clock jumps, and this time nobody says what time it is.
  off.ms += 2 * HOUR;
  off.date = null;
  await expect(read(client)).rejects.toMatchObject({ code: "APIGW.0303" });
  off.ms -= 2 * HOUR;
  await read(client);
  expect(sent).toEqual([3600, 0, 7200, 7200, 0]);
});
