export { compileService, emitService, type GeneratedFiles } from "./compile.js";
export { project } from "./emit/project.js";
export type { SourceFile } from "./load/document.js";
export { readFolder } from "./load/folder.js";
export type { OpenApi, OperationObject, Parameter, Schema } from "./openapi.js";
export { type Problem, SpecError } from "./problem.js";
export { generate, type Options } from "./run.js";
