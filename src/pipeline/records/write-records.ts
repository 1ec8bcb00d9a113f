import { createdAtKey, hiddenKey, recordKey, suspectKey } from "../../dto/reserved.js";
import type { Timestamp } from "../../dto/timestamp.js";
import type { VectorItem } from "../../dto/vector.js";
import type { BankOptions } from "../../spi/call-options.js";
import { dropObservations } from "../forget/drop-observations.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import { isSelfMirroring, together, type Pipeline } from "../pipeline.js";
import { embedMemories } from "../retain/embed-memories.js";
import { findLinks, writeLinks } from "../retain/link-memories.js";
import { mirrorDocuments } from "../retain/mirror-documents.js";
import { writesTogether } from "../retain/store-contents.js";
import { storedMemory } from "../retain/stored-memory.js";

/** What is written of one record. */
export interface RecordItem {
  readonly id: string;
  /** What recall finds; absent for a record that it must not find. */
  readonly text: string | undefined;
  readonly data: string;
  /** Why the text reads like an instruction. */
  readonly suspect: string | undefined;
}

/** A store takes no empty text; this one has no words that a search could find. */
const hiddenText = "-";

async function vectorsOf(
  pipeline: Pipeline,
  records: readonly RecordItem[],
  options: BankOptions,
): Promise<Map<string, readonly number[]>> {
  // A store that takes no memory without a vector gets one of the stand-in too.
  const { acceptsEmptyVectors } = pipeline.vectorStore.capabilities;
  const embedded = records.filter(({ text }) => text !== undefined || !acceptsEmptyVectors);
  if (embedded.length === 0) return new Map();
  const texts = embedded.map(({ text = hiddenText }) => text);
  const vectors = await embedMemories(pipeline, texts, options);
  return new Map(embedded.map(({ id }, index) => [id, vectors?.[index] ?? []]));
}

/** What searches of other stores would still find of a memory that is about to be replaced. */
async function dropTraces(
  pipeline: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<void> {
  if (ids.length === 0) return;
  const { graphStore, documentStore, dedup } = pipeline;
  await graphStore?.removeMemories?.(ids, options);
  if (!isSelfMirroring(pipeline)) await documentStore?.deleteDocuments?.(ids, options);
  for (const id of ids) dedup.remove(options.bankId, id);
}

/**
 * Writes records to every store, each as one memory that is never cut, compared or dropped, in place of those that are there: in
 * one transaction where the stores are one that offers it.
 *
 * @param existing - Those of the ids that are there already.
 * @param stamp - The time, another one for each record.
 */
export async function writeRecords(
  pipeline: Pipeline,
  records: readonly RecordItem[],
  existing: ReadonlyMap<string, VectorItem>,
  stamp: () => Timestamp,
  options: BankOptions,
): Promise<void> {
  const { vectorStore, indexes } = pipeline;
  const { bankId, signal } = options;
  const vectors = await vectorsOf(pipeline, records, options);
  const items = records.map(({ id, text, data, suspect }): VectorItem => {
    const retainedAt = stamp();
    return {
      id,
      bankId,
      vector: [...(vectors.get(id) ?? [])],
      text: text ?? hiddenText,
      metadata: {
        [createdAtKey]: existing.get(id)?.metadata?.[createdAtKey] ?? retainedAt,
        [recordKey]: data,
        ...(text === undefined ? { [hiddenKey]: true } : {}),
        ...(suspect === undefined ? {} : { [suspectKey]: suspect }),
      },
      factType: "world",
      retainedAt,
    };
  });
  const replaced = [...existing.keys()];
  if (replaced.length > 0) await dropObservations(pipeline, new Set(replaced), options);
  const found = items.filter(({ metadata }) => metadata?.[hiddenKey] !== true);
  const links = await findLinks(pipeline, found.map(storedMemory), options);
  const store = async () => {
    await dropTraces(pipeline, replaced, options);
    return vectorStore.storeVectors(items, { signal });
  };
  const complete = async () => {
    await mirrorDocuments(pipeline, found, { signal });
    await writeLinks(pipeline, links, options);
  };
  const storeAll = async () => {
    await store();
    await complete();
  };
  const add = (index: BankIndex) => index.add(items);
  if (writesTogether(pipeline)) {
    await indexes.write(bankId, () => together(pipeline, storeAll, { signal }), add);
  } else {
    await indexes.write(bankId, store, add).then(complete);
  }
  // One may have been drawn from the old text meanwhile.
  if (replaced.length > 0) await dropObservations(pipeline, new Set(replaced), options);
}
