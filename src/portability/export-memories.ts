import { createHash } from "node:crypto";
import { toTimestamp } from "../dto/timestamp.js";
import { StorageError } from "../errors.js";
import { listAllVectors } from "../pipeline/list-all-vectors.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { BankOptions } from "../spi/call-options.js";
import { writeHeader } from "./ama-header.js";
import { writeRecord } from "./ama-record.js";
import { asciiJson } from "./ascii-json.js";

export interface ExportMemoriesOptions extends BankOptions {
  readonly includeEmbeddings: boolean;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

/** What tells whether two readings of a bank saw the same memories. */
class Fingerprint {
  readonly #hash = createHash("sha256");
  count = 0;

  add(id: string): void {
    this.#hash.update(`${id.length}:${id}`);
    this.count += 1;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

/**
 * The lines of an AMA file, each with its end, in the order of the memories' ids. The bank is read twice, since the header
 * counts what follows it; no more than a page is held.
 *
 * @returns How many memories there are.
 * @throws StorageError when the bank was changed between the two readings: what was written so far is no whole export.
 */
export async function* exportMemories(
  { vectorStore, clock }: Pipeline,
  { bankId, signal, includeEmbeddings, onProgress }: ExportMemoriesOptions,
): AsyncGenerator<string, number> {
  const counted = new Fingerprint();
  for await (const { id } of listAllVectors(vectorStore, { bankId, signal })) counted.add(id);
  const { count: memoryCount } = counted;
  const exportedAt = toTimestamp(clock.now());
  yield `${asciiJson(writeHeader({ bankId, exportedAt, provider: vectorStore.name, memoryCount }))}\n`;
  const written = new Fingerprint();
  for await (const item of listAllVectors(vectorStore, { bankId, signal })) {
    yield `${asciiJson(writeRecord(item, { embedding: includeEmbeddings }))}\n`;
    written.add(item.id);
    onProgress?.(written.count, memoryCount);
  }
  if (written.count !== memoryCount || written.digest() !== counted.digest()) {
    throw new StorageError(
      `Bank "${bankId}" was changed while it was exported, so the export is not whole; repeat it`,
    );
  }
  return memoryCount;
}
