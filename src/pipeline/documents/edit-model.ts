import { isRecord } from "../../dto/is-record.js";
import type { MentalModel, MentalModelDraft } from "../../dto/mental-model.js";
import { formatIssues } from "../../dto/parse.js";
import type { ReportedOperation, UpdateSummary } from "../../spi/mental-model-store.js";
import { applyOperations } from "./apply-operations.js";
import { deltaOperationSchema, type DeltaOperation } from "./delta-operation.js";
import { parseMarkdown } from "./parse-markdown.js";
import { renderMarkdown } from "./render-markdown.js";

/** A model without what its store gives it. */
export function draftOf(model: MentalModel): MentalModelDraft {
  const { bankId: _bank, revision: _revision, refreshedAt: _time, ...draft } = model;
  return draft;
}

/** A draft as it is stored: without source timestamps that do not match the sources in number. */
export function alignTimestamps(draft: MentalModelDraft): MentalModelDraft {
  const { sourceTimestamps, ...rest } = draft;
  return sourceTimestamps === undefined || sourceTimestamps.length === draft.sourceIds.length
    ? draft
    : rest;
}

/** A malformed operation as it is reported: its name and section, as far as they are texts, and what is wrong. */
function reportMalformed(operation: unknown, reason: string): ReportedOperation {
  const fields = isRecord(operation) ? operation : {};
  const named = ["op", "section_id"].filter((key) => typeof fields[key] === "string");
  return { ...Object.fromEntries(named.map((key) => [key, fields[key]])), reason };
}

export interface EditedModel {
  readonly draft: MentalModelDraft;
  readonly summary: UpdateSummary;
}

/**
 * Applies operations to the document of a model, which is parsed from its Markdown when it has none; the content is rendered
 * again. Malformed operations are left out with a reason, as are those that do not fit; the others take effect in order.
 */
export function editModel(model: MentalModel, operations: readonly unknown[]): EditedModel {
  const valid: DeltaOperation[] = [];
  const malformed: ReportedOperation[] = [];
  for (const operation of operations) {
    const { data, error } = deltaOperationSchema.safeParse(operation);
    if (data !== undefined) valid.push(data);
    else malformed.push(reportMalformed(operation, `malformed: ${formatIssues(error)}`));
  }
  const draft = draftOf(model);
  const before = draft.structuredDoc ?? parseMarkdown(draft.content);
  const { document, applied, skipped, changed } = applyOperations(before, valid);
  const summary: UpdateSummary = {
    applied: applied.map((operation) => ({ ...operation })),
    skipped: [...malformed, ...skipped.map((operation) => ({ ...operation }))],
    changed,
  };
  if (!changed) return { draft, summary };
  return {
    draft: { ...draft, structuredDoc: document, content: renderMarkdown(document) },
    summary,
  };
}

/** A model with more sources, each once, in the order in which they came. The new ones have no timestamps, so that none do. */
export function addSources(model: MentalModel, newSourceIds: readonly string[]): MentalModelDraft {
  const draft = draftOf(model);
  return alignTimestamps({
    ...draft,
    sourceIds: [...new Set([...draft.sourceIds, ...newSourceIds])],
  });
}
