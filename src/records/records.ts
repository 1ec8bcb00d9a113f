import { assertBankId } from "../dto/bank-id.js";
import { toTimestamp, type Timestamp } from "../dto/timestamp.js";
import { InvalidArgumentError } from "../errors.js";
import type { GovernedCall } from "../governance/call-scope.js";
import { governRecordRead, governRecords, type RecordDraft } from "../governance/govern-records.js";
import type { Governance } from "../governance/governance.js";
import { findVectors, listAllVectors } from "../pipeline/list-all-vectors.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import { recordOf, type StoredRecord } from "../pipeline/records/stored-record.js";
import { assertOptions, callContext } from "../requests.js";
import type { CallOptions } from "../spi/call-options.js";
import type { RecordChanges, RecordDelete, RecordOptions } from "./record-options.js";

export interface RecordGround {
  readonly governance: Governance;
  /** @throws CapabilityNotSupportedError for an engine. */
  readonly requirePipeline: (operation: string) => Pipeline;
  /** Rejects an aborted call, and any call of a closed brain. */
  readonly assertOpen: (signal: AbortSignal | undefined) => void;
}

function callOf(operation: string, { bankId, context, signal }: RecordOptions): GovernedCall {
  assertBankId(bankId);
  return { bankId, context: callContext(operation, context), signal };
}

function assertText(value: unknown, name: string): void {
  if (typeof value === "string" && value !== "") return;
  throw new InvalidArgumentError(`records.write: ${name}: expected a text that is not empty`);
}

/** @throws InvalidArgumentError, ConfigError for a bad bank id. */
function groupsOf({ puts = [], deletes = [] }: RecordChanges, { signal }: CallOptions) {
  if (!Array.isArray(puts) || !Array.isArray(deletes)) {
    throw new InvalidArgumentError("records.write: expected { puts, deletes }, each a list");
  }
  const groups = new Map<string, GovernedCall & { drafts: RecordDraft[]; deletedIds: string[] }>();
  const seen = new Set<string>();
  const groupOf = ({ bankId, context, id }: RecordDelete) => {
    const call = callOf("records.write", { bankId, context, signal });
    assertText(id, "id");
    const name = JSON.stringify([bankId, id]);
    if (seen.has(name)) {
      throw new InvalidArgumentError(`records.write: the id "${id.slice(0, 80)}" comes twice`);
    }
    seen.add(name);
    const group = groups.get(bankId) ?? { ...call, drafts: [], deletedIds: [] };
    groups.set(bankId, group);
    return group;
  };
  for (const put of puts) {
    const { id, data, content, text } = put;
    assertText(data, "data");
    assertText(content, "content");
    if (text !== undefined) assertText(text, "text");
    groupOf(put).drafts.push({ id, data, content, text });
  }
  for (const one of deletes) groupOf(one).deletedIds.push(one.id);
  return [...groups.values()];
}

/**
 * Memories with an id and data of the caller's, which are read back exactly: the ground of a key-value store on banks. What a
 * record tells goes through the barriers; its text is found by recall like any memory, and `forget` with `memoryIds` deletes it.
 */
export class Records {
  readonly #ground: RecordGround;
  /** In microseconds since 1970. */
  #lastStamp = 0;

  /** Internal: a brain makes its own. */
  constructor(ground: RecordGround) {
    this.#ground = ground;
  }

  /**
   * Puts and deletes records of one or several banks. All is checked before any of it is done; what is put into one bank is
   * stored in one step. Needs the permission `write`, and `forget` to replace or delete.
   *
   * @throws PiiRejectedError also where personal data would only be replaced, since the data is not changed; InvalidArgumentError
   *   for a record that the barriers refuse; AccessDeniedError, RateLimitedError, LegalHoldActiveError, ProviderUnavailableError;
   *   StorageError when a part was done before another failed.
   */
  async write(changes: RecordChanges, options: CallOptions = {}): Promise<void> {
    const { governance, assertOpen, requirePipeline } = this.#ground;
    const { signal } = assertOptions("records.write", options);
    const groups = groupsOf(assertOptions("records.write changes", changes), { signal });
    assertOpen(signal);
    await governRecords(governance, requirePipeline("records"), groups, () => this.#stamp());
  }

  /** By id; unknown ids are left out. Needs the permission `read`. */
  async get(ids: readonly string[], options: RecordOptions): Promise<Map<string, StoredRecord>> {
    const found = new Map<string, StoredRecord>();
    const items = await this.#read("records.get", options, async (pipeline, bank) => {
      const index = await pipeline.indexes.known(pipeline.vectorStore, bank);
      if (index === undefined) return (await findVectors(pipeline.vectorStore, ids, bank)).values();
      return ids.map((id) => index.memory(id)).filter((item) => item !== undefined);
    });
    for (const item of items) {
      const record = recordOf(item);
      if (record !== undefined) found.set(record.id, record);
    }
    return found;
  }

  /** All records of a bank, in no order. Needs the permission `read`. */
  async list(options: RecordOptions): Promise<StoredRecord[]> {
    return this.#read("records.list", options, async (pipeline, bank) => {
      const index = await pipeline.indexes.get(pipeline.vectorStore, bank);
      const records: StoredRecord[] = [];
      for await (const item of index?.memories() ?? listAllVectors(pipeline.vectorStore, bank)) {
        const record = recordOf(item);
        if (record !== undefined) records.push(record);
      }
      return records;
    });
  }

  /** The time, later than every stamp before, so that records keep the order in which they were put. */
  #stamp(): Timestamp {
    const nowMs = this.#ground.governance.clock.now();
    this.#lastStamp = Math.max(this.#lastStamp + 1, Math.trunc(nowMs) * 1000);
    const milliseconds = Math.floor(this.#lastStamp / 1000);
    const [seconds = ""] = toTimestamp(milliseconds - (milliseconds % 1000)).split("+");
    return toTimestamp(`${seconds}.${String(this.#lastStamp % 1_000_000).padStart(6, "0")}Z`);
  }

  async #read<Result>(
    operation: "records.get" | "records.list",
    options: RecordOptions,
    read: (pipeline: Pipeline, call: GovernedCall) => Promise<Result>,
  ): Promise<Result> {
    const { governance, assertOpen, requirePipeline } = this.#ground;
    const call = callOf(operation, assertOptions(operation, options));
    assertOpen(call.signal);
    const pipeline = requirePipeline("records");
    return governRecordRead(governance, pipeline, call, (guarded) => read(guarded, call));
  }
}
