import { observationBankId } from "../../../dto/reserved.js";
import { isBankId } from "../../../dto/bank-id.js";
import { toTimestamp } from "../../../dto/timestamp.js";
import type { VectorHit, VectorItem } from "../../../dto/vector.js";
import type { BankOptions } from "../../../spi/call-options.js";
import { deleteMemories } from "../../forget/delete-memories.js";
import { findVectors } from "../../list-all-vectors.js";
import type { Pipeline } from "../../pipeline.js";
import { sourceMemoryIds } from "../../recall/expansion/source-memory-ids.js";
import type { StoredContent } from "../link-memories.js";
import { stageFailed } from "../stage-failed.js";
import {
  planObservations,
  type ObservedMemory,
  type PlannedObservation,
} from "./plan-observations.js";
import { observationsInScope, proposeObservations } from "./propose-observations.js";

const mostNearest = 15;
const stage = "observations";

/** Whether observations are drawn from a content: never from one that reads like an instruction, nor from observations. */
export function isObservable(
  { options, llm }: Pipeline,
  { content: { suspect, request }, items }: StoredContent,
): boolean {
  const { bankId } = request;
  return (
    options.enableObservationConsolidation === true &&
    llm !== undefined &&
    suspect === undefined &&
    items.some(({ vector }) => vector.length > 0) &&
    !bankId.endsWith(observationBankId("")) &&
    isBankId(observationBankId(bankId))
  );
}

/** Whether all of the memories are still there. */
async function areKept(
  { vectorStore }: Pipeline,
  ids: readonly string[],
  bank: BankOptions,
): Promise<boolean> {
  const unique = new Set(ids);
  return (await findVectors(vectorStore, [...unique], bank)).size === unique.size;
}

async function storeObservations(
  pipeline: Pipeline,
  planned: readonly PlannedObservation[],
  bankId: string,
): Promise<void> {
  const { embedder, vectorStore, indexes, clock } = pipeline;
  const texts = planned.map(({ text }) => text);
  const vectors = await embedder.embed(texts, { inputType: "document" });
  const retainedAt = toTimestamp(clock.now());
  const items: VectorItem[] = planned.map(({ id, text, metadata, tags }, index) => ({
    id,
    bankId,
    vector: [...(vectors?.[index] ?? [])],
    text,
    metadata,
    ...(tags === undefined ? {} : { tags: [...tags] }),
    factType: "observation",
    retainedAt,
  }));
  await indexes.write(
    bankId,
    () => vectorStore.storeVectors(items),
    (index) => index.add(items),
  );
}

/** Takes out what was drawn from memories that were forgotten meanwhile. */
async function dropOrphans(
  pipeline: Pipeline,
  planned: readonly PlannedObservation[],
  bank: BankOptions,
  derived: BankOptions,
): Promise<void> {
  for (const { id, metadata } of planned) {
    if (await areKept(pipeline, sourceMemoryIds(metadata), bank)) continue;
    await deleteMemories(pipeline, [id], derived);
  }
}

function nearestTo(
  { vectorStore }: Pipeline,
  vector: readonly number[],
  tags: readonly string[] | undefined,
  derived: BankOptions,
): Promise<VectorHit[]> {
  const filters = tags === undefined ? {} : { filters: { tags: [...tags] } };
  return vectorStore.searchSimilar(vector, { ...derived, ...filters, limit: mostNearest });
}

async function observe(
  pipeline: Pipeline,
  memory: ObservedMemory,
  vector: readonly number[],
): Promise<void> {
  const { llm, createId, clock, logger } = pipeline;
  const bank = { bankId: memory.bankId };
  const derived = { bankId: observationBankId(memory.bankId) };
  // Nothing of a forgotten memory may reach a model.
  if (llm === undefined || !(await areKept(pipeline, memory.memoryIds, bank))) return;
  const shown = observationsInScope(
    await nearestTo(pipeline, vector, memory.tags, derived),
    memory,
  );
  const { value: actions, usage, failure } = await proposeObservations(llm, memory, shown);
  if (failure !== undefined) stageFailed(pipeline, memory.bankId, stage, failure);
  const now = toTimestamp(clock.now());
  const plan = planObservations(actions, { memory, shown, createId, now });
  if (plan.store.length > 0) await storeObservations(pipeline, plan.store, derived.bankId);
  if (plan.deleteIds.length > 0) await deleteMemories(pipeline, plan.deleteIds, derived);
  // After storing: a forget that came in between has looked already, or will look from now on.
  await dropOrphans(pipeline, plan.store, bank, derived);
  logger.info?.("astrocyte.retain.observed", {
    bank_id: memory.bankId,
    stored: plan.store.length,
    deleted: plan.deleteIds.length,
    calls: usage.calls,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
  });
}

/** Draws observations from a stored content into the bank of what is derived. Never rejects; failures are reported. */
export async function drawObservations(
  pipeline: Pipeline,
  { content, items }: StoredContent,
): Promise<void> {
  const { bankId, occurredAt } = content.request;
  const [first] = items;
  if (first === undefined) return;
  const memory: ObservedMemory = {
    bankId,
    text: first.text,
    memoryIds: items.map(({ id }) => id),
    tags: content.tags,
    timestamp: occurredAt ?? first.retainedAt ?? toTimestamp(pipeline.clock.now()),
  };
  try {
    await observe(pipeline, memory, first.vector);
  } catch (error) {
    stageFailed(pipeline, bankId, stage, error);
  }
}
