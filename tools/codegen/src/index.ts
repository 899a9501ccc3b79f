export { compileService, emitService, type GeneratedFiles } from "./compile.js";
export { project } from "./emit/project.js";
export { readFolder, type SourceFile } from "./load/folder.js";
export { readVocabulary, type Vocabulary } from "./load/vocabulary.js";
export type { OpenApi, OperationObject, Parameter, Schema } from "./openapi.js";
export { describe, type Problem, SpecError } from "./problem.js";
export { generate, type Options } from "./run.js";
