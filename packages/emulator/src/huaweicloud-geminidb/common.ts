import type { Call } from "../call.js";
import { Refusal } from "../refusal.js";
import type { Instance } from "../state.js";
import { withOffset } from "../times.js";

/** The documents' samples carry +0800, so do the answers. */
export const zoned = (at: number) => withOffset(at, 480);

export function refuse(status: number, code: string, message: string): Refusal {
  return new Refusal(status, code, message);
}

/** @throws {Refusal} */
export function findInstance(call: Call): Instance {
  const { instance_id, project_id } = call.parameters as { instance_id: string; project_id: string };
  const instance = call.state.findInstance("huaweicloud-geminidb", instance_id);
  if (!instance || instance.projectId !== project_id)
    throw refuse(404, "DBS.200002", "The DB instance does not exist.");
  return instance;
}

/** The instances of the project in the path. */
export function ofProject(call: Call): Instance[] {
  return call.state
    .instances("huaweicloud-geminidb")
    .filter(({ projectId }) => projectId === call.parameters.project_id);
}
