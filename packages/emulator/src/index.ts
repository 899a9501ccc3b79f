export type { EndpointName, ServiceName } from "./bundle.js";
export type { Pace } from "./call.js";
export { type Clock, realClock, type VirtualClock, virtualClock } from "./clock.js";
export { createEmulator, type Emulator, type EmulatorOptions, FAKE, type FakeCredentials } from "./emulator.js";
export type { Fault, FaultKind, FaultScope, Faults, RandomFaults } from "./faults.js";
export type { Entry, Journal } from "./journal.js";
export type { Listener, ListenOptions } from "./listen.js";
export {
  type Backup,
  type BackupGiven,
  type BackupPhase,
  backupPhase,
  type Instance,
  type InstanceGiven,
  type Restore,
  type RestoredFrom,
  type State,
} from "./state.js";
export { type Phase, phaseOf, progressOf, type Task } from "./tasks.js";
