import type { DeltaOperation } from "./delta-operation.js";
import { slugOf, uniqueId } from "./section-id.js";
import type { DocumentSection, StructuredDocument } from "../../dto/structured-document.js";

type AddSection = Extract<DeltaOperation, { op: "add_section" }>;
type SectionChange = Exclude<DeltaOperation, { op: "add_section" | "remove_section" }>;

type BlockChange = Exclude<SectionChange, { op: "replace_section_blocks" | "rename_section" }>;

/** An operation as it is reported: without the contents of blocks. */
export interface OperationSummary {
  readonly op: DeltaOperation["op"];
  readonly section_id?: string;
  readonly index?: number;
  readonly new_heading?: string;
  readonly heading?: string;
  readonly level?: number;
  readonly after_section_id?: string | null;
  readonly new_id?: string | null;
  /** The id that an added section got. */
  readonly assigned_id?: string;
  /** Why the operation was left out. */
  readonly reason?: string;
}

export interface AppliedOperations {
  readonly document: StructuredDocument;
  readonly applied: readonly OperationSummary[];
  readonly skipped: readonly OperationSummary[];
  readonly changed: boolean;
}

function summaryOf(operation: DeltaOperation): OperationSummary {
  if (operation.op === "add_section") {
    const { op, heading, level, after_section_id = null, new_id = null } = operation;
    return { op, heading, level, after_section_id, new_id };
  }
  return {
    op: operation.op,
    section_id: operation.section_id,
    ...("index" in operation ? { index: operation.index } : {}),
    ...("new_heading" in operation ? { new_heading: operation.new_heading } : {}),
  };
}

/** Why the block is out of range, or undefined when the change was made. */
function splice({ blocks }: DocumentSection, operation: BlockChange): string | undefined {
  const { length } = blocks;
  const added = "block" in operation ? [operation.block] : [];
  const index = operation.op === "append_block" ? length : operation.index;
  const removes = operation.op === "replace_block" || operation.op === "remove_block";
  if (removes && index >= length) return `index out of range: ${index} >= ${length}`;
  if (index > length) return `index out of range: ${index} > ${length}`;
  blocks.splice(index, removes ? 1 : 0, ...added);
  return undefined;
}

/** Why it cannot be done, or undefined when it was. */
function changeSection(section: DocumentSection, operation: SectionChange): string | undefined {
  if (operation.op === "replace_section_blocks") section.blocks = operation.blocks;
  else if (operation.op === "rename_section") section.heading = operation.new_heading;
  else return splice(section, operation);
  return undefined;
}

/** Returns the id it got, or why it was not added. */
function addSection(
  sections: DocumentSection[],
  { heading, level, blocks, after_section_id: after, new_id: newId }: AddSection,
): { readonly assigned_id: string } | { readonly reason: string } {
  const found = sections.findIndex(({ id }) => id === after);
  if (after !== undefined && after !== null && found < 0) {
    return { reason: `unknown after_section_id: ${after}` };
  }
  const taken = new Set(sections.map(({ id }) => id));
  const id = uniqueId(
    newId === undefined || newId === null || newId === "" ? slugOf(heading) : newId,
    taken,
  );
  sections.splice(found < 0 ? sections.length : found + 1, 0, { id, heading, level, blocks });
  return { assigned_id: id };
}

function apply(
  sections: DocumentSection[],
  operation: DeltaOperation,
): { readonly assigned_id?: string; readonly reason?: string } {
  if (operation.op === "add_section") return addSection(sections, operation);
  const index = sections.findIndex(({ id }) => id === operation.section_id);
  const section = sections[index];
  if (section === undefined) return { reason: `unknown section_id: ${operation.section_id}` };
  if (operation.op === "remove_section") {
    sections.splice(index, 1);
    return {};
  }
  const reason = changeSection(section, operation);
  return reason === undefined ? {} : { reason };
}

/**
 * Applies operations in order to a copy of the document; later ones see what earlier ones did. One that names an unknown
 * section or a block out of range is left out and reported.
 */
export function applyOperations(
  document: StructuredDocument,
  operations: readonly DeltaOperation[],
): AppliedOperations {
  const { version, sections } = structuredClone(document);
  const applied: OperationSummary[] = [];
  const skipped: OperationSummary[] = [];
  for (const operation of structuredClone(operations)) {
    const outcome = apply(sections, operation);
    const list = outcome.reason === undefined ? applied : skipped;
    list.push({ ...summaryOf(operation), ...outcome });
  }
  return { document: { version, sections }, applied, skipped, changed: applied.length > 0 };
}
