import { createdAtKey, reservedMetadataPrefix, sourceKey, suspectKey } from "../dto/reserved.js";
import type { Metadata } from "../dto/metadata.js";
import { toTimestamp } from "../dto/timestamp.js";
import { InvalidArgumentError, PiiRejectedError } from "../errors.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import { callerMetadata } from "../pipeline/retain/build-items.js";
import { idFromKey } from "../pipeline/retain/memory-ids.js";
import type { KeyedRetainRequest } from "../pipeline/retain/prepare-content.js";
import type { BankOptions } from "../spi/call-options.js";
import { readHeader, type AmaHeader } from "./ama-header.js";
import { createdAtOf, readRecord, recordValue, type AmaRecord } from "./ama-record.js";
import { ImportTally, type ConflictRule, type ImportResult } from "./import-result.js";
import { readLines, type TextSource } from "./read-lines.js";
import { presentIds, restoreMemories, type Restorable } from "./restore-memories.js";

export interface ImportMemoriesOptions extends BankOptions {
  readonly onConflict: ConflictRule;
  readonly useEmbeddings: boolean;
  /** What may be stored of a memory, or why it is refused. */
  readonly passBarriers: (keyed: KeyedRetainRequest) => Promise<KeyedRetainRequest | string>;
  /** Runs a step with providers that are watched; a step that deletes says so. */
  readonly runStep: (
    step: (pipeline: Pipeline) => Promise<void>,
    rule: { readonly deletes: boolean },
  ) => Promise<void>;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

interface NumberedRecord {
  readonly record: AmaRecord;
  readonly line: string;
  readonly lineNumber: number;
}

const batchSize = 100;

/** The keys that only the framework writes, which a barrier for callers' metadata would drop. */
function reservedMetadata(metadata: Metadata | undefined): Metadata {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter(
      ([key]) => key.startsWith(reservedMetadataPrefix) && key !== suspectKey,
    ),
  );
}

/**
 * A record without a time of its own was not written by this implementation, and is marked with where it comes from; one with
 * it comes back as it was.
 */
function sourceOf(record: AmaRecord, { provider }: AmaHeader): string | undefined {
  const isWhole = record.createdAt !== undefined;
  return record.source ?? (isWhole ? undefined : `import:ama:${provider}`);
}

/** Takes one record through the barriers; undefined when it is refused, which is counted. */
async function admit(
  { clock }: Pipeline,
  { record, line, lineNumber }: NumberedRecord,
  header: AmaHeader,
  tally: ImportTally,
  { bankId, passBarriers, useEmbeddings }: ImportMemoriesOptions,
): Promise<Restorable | undefined> {
  const { text, tags, occurredAt, factType = "world", memoryLayer, chunkId } = record;
  const metadata = callerMetadata(record.metadata);
  const request = { content: text, bankId, metadata, tags, occurredAt, contentType: "text" };
  let passed: KeyedRetainRequest | string;
  try {
    passed = await passBarriers({ request });
  } catch (error) {
    if (!(error instanceof PiiRejectedError)) throw error;
    passed = error.message;
  }
  if (typeof passed === "string") {
    tally.fail(lineNumber, passed);
    return undefined;
  }
  const clean = passed.request;
  const source = sourceOf(record, header);
  const retainedAt = createdAtOf(record) ?? toTimestamp(clock.now());
  const { suspect } = passed;
  const isUnchanged = clean.content === text;
  return {
    lineNumber,
    suspect,
    item: {
      // A record without an id gets one that is the same whenever the line is, so that an import can be repeated.
      id: record.id === "" ? idFromKey(bankId, `ama:${line}`) : record.id,
      bankId,
      vector: useEmbeddings && isUnchanged ? (record.embedding ?? []) : [],
      text: clean.content,
      metadata: {
        ...clean.metadata,
        ...reservedMetadata(record.metadata),
        [createdAtKey]: record.metadata?.[createdAtKey] ?? retainedAt,
        ...(source === undefined ? {} : { [sourceKey]: source }),
        ...(suspect === undefined ? {} : { [suspectKey]: suspect }),
      },
      ...(clean.tags === undefined ? {} : { tags: clean.tags }),
      factType,
      ...(occurredAt === undefined ? {} : { occurredAt }),
      retainedAt,
      ...(memoryLayer === undefined ? {} : { memoryLayer }),
      ...(chunkId === undefined ? {} : { chunkId }),
    },
  };
}

/** Writes a batch, the memories of one id once: the last of them, as if they had come one after the other. */
async function writeBatch(
  admitted: readonly Restorable[],
  tally: ImportTally,
  { bankId, signal, onConflict, runStep }: ImportMemoriesOptions,
): Promise<void> {
  if (admitted.length === 0) return;
  await runStep(
    (pipeline) =>
      pipeline.retainMutex.run(
        admitted.map(({ item }) => item.id),
        async () => {
          const bank = { bankId, signal };
          const ids = admitted.map(({ item }) => item.id);
          const present = await presentIds(pipeline, ids, bank);
          const seen = new Set(present);
          const wanted = new Map<string, Restorable>();
          for (const restorable of admitted) {
            const { id } = restorable.item;
            const isThere = seen.has(id);
            seen.add(id);
            if (!isThere || onConflict === "overwrite") {
              wanted.set(id, restorable);
              tally.imported += 1;
            } else if (onConflict === "error") {
              tally.fail(restorable.lineNumber, "the bank has a memory of this id already");
            } else {
              tally.skipped += 1;
            }
          }
          if (wanted.size === 0) return;
          const replaced = [...wanted.keys()].filter((id) => present.has(id));
          await restoreMemories(pipeline, [...wanted.values()], replaced, bank);
        },
      ),
    { deletes: onConflict === "overwrite" },
  );
}

/** The records of a file after its header; a line that holds none, or a wrong one, is counted. */
async function* readRecords(
  lines: AsyncIterable<string>,
  tally: ImportTally,
): AsyncGenerator<NumberedRecord, void> {
  let lineNumber = 1;
  for await (const line of lines) {
    lineNumber += 1;
    if (line.trim() === "") continue;
    const value = recordValue(line);
    if (value === undefined) {
      tally.malformed += 1;
      tally.note(`line ${lineNumber}: not JSON of a memory, which has an id and a text`);
      continue;
    }
    let record: AmaRecord;
    try {
      record = readRecord(value);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      tally.fail(lineNumber, error.message);
      continue;
    }
    yield { record, line, lineNumber };
  }
}

/**
 * Reads the memories of an AMA file into a bank, a batch at a time: through the barriers, with their ids and times, each batch
 * embedded in one call. What fails is counted; a store or an embedding provider that fails stops the import, which can be
 * repeated: what is there already is then skipped.
 *
 * @throws InvalidArgumentError when the first line is no header.
 */
export async function importMemories(
  pipeline: Pipeline,
  source: TextSource,
  options: ImportMemoriesOptions,
): Promise<ImportResult> {
  const { signal, onProgress } = options;
  const lines = readLines(source);
  const tally = new ImportTally();
  try {
    const first = await lines.next();
    const header = readHeader(first.done === true ? undefined : first.value);
    let batch: Restorable[] = [];
    const flush = async () => {
      await writeBatch(batch, tally, options);
      batch = [];
      onProgress?.(tally.read, header.memoryCount);
    };
    for await (const numbered of readRecords(lines, tally)) {
      signal?.throwIfAborted();
      const restorable = await admit(pipeline, numbered, header, tally, options);
      if (restorable !== undefined) batch.push(restorable);
      if (batch.length >= batchSize) await flush();
    }
    await flush();
    const { memoryCount } = header;
    if (tally.read !== memoryCount) {
      tally.note(
        `the header announces ${memoryCount} memories, and the file has ${tally.read}: it may have been cut off`,
      );
    }
    return tally.result();
  } finally {
    // Closes the source when the import ends early.
    await lines.return();
  }
}
