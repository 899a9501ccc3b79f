import type { Call, Reply } from "../call.js";
import { Refusal } from "../refusal.js";
import type { Instance } from "../state.js";
import { fromSpaced, spaced } from "../times.js";

/** The documents name no zone for the local times; the emulator's answers are in China Standard Time. */
export const EAST = 480;

export const local = (at: number) => spaced(at, EAST);
export const fromLocal = (text: string) => fromSpaced(text, EAST);

/** The request id is put in where every answer gets its own. */
export function respond(result: object): Reply {
  return { status: 200, body: { Response: result } };
}

export function regionOf(call: Call): string {
  return call.parameters["X-TC-Region"] as string;
}

/** The instance, in the region of the request. @throws {Refusal} */
export function findInstance(call: Call, id = call.body.InstanceId as string): Instance {
  const instance = call.state.findInstance("tencentcloud-redis", id);
  if (!instance || instance.region !== regionOf(call)) {
    throw new Refusal(200, "ResourceNotFound.InstanceNotExists", `instance ${id} does not exist`);
  }
  return instance;
}

export function refuse(code: string, message: string): Refusal {
  return new Refusal(200, code, message);
}

/** Instances of the region, or the one that is asked for. */
export function chosen(call: Call): Instance[] {
  const { InstanceId, InstanceName } = call.body;
  const found = InstanceId === undefined ? call.state.instances("tencentcloud-redis") : [findInstance(call)];
  return found.filter(
    ({ region, name }) =>
      region === regionOf(call) && (InstanceName === undefined || name.includes(InstanceName as string)),
  );
}
