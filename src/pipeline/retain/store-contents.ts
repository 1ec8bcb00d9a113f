import { recordKey } from "../../dto/reserved.js";
import type { BankOptions } from "../../spi/call-options.js";
import { deleteMemories } from "../forget/delete-memories.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import { storesTogether, together, type Pipeline } from "../pipeline.js";
import { assertUnclaimed } from "./find-retained.js";
import { findLinks, writeLinks, type Linked } from "./link-memories.js";
import { mirrorDocuments } from "./mirror-documents.js";
import type { StoreStep } from "./prepare-items.js";

/** A model that is asked about aliases while entities are written must not keep a store waiting. */
function asksWhileWriting({ llm, retainSettings: { entityResolution } }: Pipeline): boolean {
  return llm !== undefined && entityResolution?.isCanonical === false;
}

/** Whether all that a content leaves in the stores is written in one transaction. */
export function writesTogether(pipeline: Pipeline): boolean {
  return storesTogether(pipeline) && !asksWhileWriting(pipeline);
}

/**
 * Writes to every store, in one transaction where they are one store that offers it; what each content cost, by its first id.
 */
export async function storeContents(
  pipeline: Pipeline,
  { outcomes, replacedIds }: StoreStep,
  options: BankOptions,
): Promise<Map<string, Linked>> {
  const { signal, bankId } = options;
  signal?.throwIfAborted();
  const stored = outcomes.filter(({ items }) => items.length > 0);
  if (stored.length === 0) return new Map();
  const kept = stored.flatMap(({ items }) => items);
  const findings = await findLinks(pipeline, stored, options);
  const store = () => pipeline.vectorStore.storeVectors(kept, { signal });
  const complete = async () => {
    const mirrored = await mirrorDocuments(pipeline, kept, { signal });
    return { mirrored, linked: await writeLinks(pipeline, findings, options) };
  };
  const { indexes } = pipeline;
  const storeAll = async () => {
    const contents = stored.map(({ content }) => content);
    await assertUnclaimed(pipeline, contents, options);
    await store();
    return complete();
  };
  const add = (index: BankIndex) => index.add(kept);
  const { mirrored, linked } = writesTogether(pipeline)
    ? await indexes.write(bankId, () => together(pipeline, storeAll, { signal }), add)
    : await indexes.write(bankId, store, add).then(complete);
  for (const { content, items } of stored) {
    const isLinked = linked.get(content.firstId)?.isWhole ?? true;
    // One that may be kept out of recall must not keep an honest repetition out of the store.
    if (content.suspect !== undefined) continue;
    for (const { id, vector, metadata } of items) {
      // A record comes by here when it is imported; nothing is compared with one.
      if (metadata?.[recordKey] !== undefined) continue;
      // One that is not whole must not keep its repetition out, which would heal it.
      if (vector.length > 0 && isLinked && mirrored.has(id)) pipeline.dedup.add(bankId, id, vector);
    }
  }
  // Last, so that a failure on the way leaves both and loses neither.
  if (replacedIds.length > 0) await deleteMemories(pipeline, replacedIds, options);
  return linked;
}
