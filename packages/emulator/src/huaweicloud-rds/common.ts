import type { Call } from "../call.js";
import { Refusal } from "../refusal.js";
import type { Instance } from "../state.js";

export function refuse(status: number, code: string, message: string): Refusal {
  return new Refusal(status, code, message);
}

/** @throws {Refusal} `code` says which of the instances it is that is not there. */
export function findInstance(call: Call, id: string, code = "DBS.200002"): Instance {
  const instance = call.state.findInstance("huaweicloud-rds", id);
  if (!instance || instance.projectId !== call.parameters.project_id) {
    throw refuse(404, code, `The DB instance ${id} does not exist.`);
  }
  return instance;
}

/** The instances of the project in the path. */
export function ofProject(call: Call): Instance[] {
  return call.state.instances("huaweicloud-rds").filter(({ projectId }) => projectId === call.parameters.project_id);
}
