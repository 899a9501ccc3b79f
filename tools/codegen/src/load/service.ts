import type { OpenApi } from "../openapi.js";
import type { Problem } from "../problem.js";
import { checkBehaviour } from "../rules/behaviour.js";
import { checkExamples } from "../rules/examples.js";
import { checkOperations } from "../rules/operations.js";
import { checkSchemas } from "../rules/schemas.js";
import { Complaints } from "./complain.js";
import { type Locations, parseSource, type SourceDocument, type SourceFile } from "./document.js";
import { mergeDocuments } from "./merge.js";
import { checkCycles, resolveReferences } from "./references.js";
import { checkShape } from "./shape.js";

export interface Loaded {
  /** Present unless a problem makes it impossible to put the documents together. */
  readonly bundle?: OpenApi;
  readonly problems: readonly Problem[];
}

/** Turns the documents of one service into its bundle, or says what is wrong with them. */
export function loadService(sources: readonly SourceFile[], found: readonly Problem[] = []): Loaded {
  const locations: Locations = new WeakMap();
  const complaints = new Complaints(locations);
  complaints.problems.push(...found);
  const documents: SourceDocument[] = [];
  for (const source of sources) {
    const { document, problems } = parseSource(source, locations);
    complaints.problems.push(...problems);
    if (document !== undefined) documents.push(document);
  }
  const references = documents.flatMap((document) => checkShape(document, complaints));
  const complete = documents.length === sources.length;
  if (!complete || complaints.fatal) return { problems: complaints.problems };

  resolveReferences(references, documents, complaints);
  if (complaints.fatal) return { problems: complaints.problems };
  const bundle = mergeDocuments(documents, complaints);
  checkCycles(references, complaints);
  if (complaints.fatal) return { problems: complaints.problems };

  checkSchemas(bundle, complaints);
  checkOperations(bundle, complaints);
  checkBehaviour(bundle, complaints);
  checkExamples(bundle, complaints);
  return complaints.problems.length > 0 ? { problems: complaints.problems } : { bundle, problems: [] };
}
