import type { Timestamp } from "../dto/timestamp.js";
import {
  InvalidArgumentError,
  PiiRejectedError,
  ProviderUnavailableError,
  StorageError,
} from "../errors.js";
import { abortable } from "../internal/abortable.js";
import { forget } from "../pipeline/forget/forget.js";
import { findVectors } from "../pipeline/list-all-vectors.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import { writeRecords, type RecordItem } from "../pipeline/records/write-records.js";
import { normaliseContent } from "../pipeline/retain/normalise.js";
import type { KeyedRetainRequest } from "../pipeline/retain/prepare-content.js";
import { validateContent } from "../policy/content-validator.js";
import { retainInputError } from "../policy/retain-input.js";
import { assertDeletable } from "../policy/legal-hold.js";
import { permissionOf } from "../policy/permissions.js";
import type { GovernedCall } from "./call-scope.js";
import { governRetain } from "./govern-retain.js";
import type { Governance } from "./governance.js";
import { guardPipeline } from "./guard-pipeline.js";
import { passTexts } from "./pass-texts.js";

/** A record to be put, and what the barriers look at. */
export interface RecordDraft extends Omit<RecordItem, "suspect"> {
  readonly content: string;
}

/** What one call changes in one bank; an id is put or deleted once. */
export interface BankChanges extends GovernedCall {
  readonly drafts: readonly RecordDraft[];
  readonly deletedIds: readonly string[];
}

interface Admitted extends GovernedCall {
  /** Guarded by circuit breakers, which do not stand in the way of a deletion. */
  readonly pipeline: Pipeline;
  readonly records: readonly RecordItem[];
  readonly deletedIds: readonly string[];
}

interface RecordsCall {
  readonly governance: Governance;
  /** Without circuit breakers. */
  readonly pipeline: Pipeline;
  readonly stamp: () => Timestamp;
}

async function changeBank(
  { governance, pipeline, stamp }: RecordsCall,
  { pipeline: guarded, records, deletedIds, bankId, signal }: Admitted,
  existing: Awaited<ReturnType<typeof findVectors>>,
): Promise<void> {
  const bank = { bankId, signal };
  if (records.length > 0) await writeRecords(guarded, records, existing, stamp, bank);
  if (deletedIds.length === 0) return;
  const { deletedCount } = await forget(
    pipeline,
    { bankId, memoryIds: [...deletedIds] },
    { signal },
  );
  const data = { deleted_count: deletedCount, archived_count: 0 };
  await governance.hooks.fire("on_forget", bankId, data);
}

/** Does what every barrier let pass. Replacing deletes: a caller needs the permission, and the bank must be free of holds. */
async function changeAll(call: RecordsCall, admitted: readonly Admitted[]): Promise<void> {
  const { access, deletions, holds } = call.governance;
  const banks = admitted.map(({ bankId }) => bankId);
  const ids = admitted.flatMap(({ records }) => records.map(({ id }) => id));
  await deletions.run(banks, () =>
    call.pipeline.retainMutex.run(ids, async () => {
      const plans = [];
      for (const group of admitted) {
        const { pipeline, records, deletedIds, bankId, context, signal } = group;
        const wanted = records.map(({ id }) => id);
        const existing = await findVectors(pipeline.vectorStore, wanted, { bankId, signal });
        if (existing.size + deletedIds.length > 0) {
          access.check(context, bankId, permissionOf("forget"));
          await assertDeletable(holds, bankId, { signal });
        }
        plans.push({ group, existing });
      }
      for (const [at, { group, existing }] of plans.entries()) {
        try {
          await changeBank(call, group, existing);
        } catch (error) {
          if (at === 0) throw error;
          throw new StorageError(
            `The records of bank "${group.bankId}" could not be changed; those of ${banks.slice(0, at).join(", ")} were. ` +
              "Repeat the call",
            { cause: error },
          );
        } finally {
          call.pipeline.recallCache?.clear();
        }
      }
    }),
  );
}

/**
 * What may be stored of records that passed the barriers. Data is read back exactly, so that a record which a barrier would
 * change is refused; the text that recall finds is no data, and is changed.
 */
async function recordsOf(
  governance: Governance,
  { drafts, ...call }: BankChanges,
  kept: readonly KeyedRetainRequest[],
): Promise<RecordItem[]> {
  for (const [index, { content }] of drafts.entries()) {
    if (normaliseContent(content, "text") === kept[index]?.request.content) continue;
    const { pii } = governance.policyFor(call.bankId);
    const { piiTypes } = await pii.inspect({ content }, { signal: call.signal });
    throw new PiiRejectedError(piiTypes);
  }
  const texts = drafts.flatMap(({ text }) => text ?? []);
  const passed = [...(await passTexts(governance, texts, call))];
  return drafts.map(({ id, data, text }, index) => ({
    id,
    data,
    text: text === undefined ? undefined : passed.shift(),
    suspect: kept[index]?.suspect,
  }));
}

/** Why one of the records may not be stored, so that none is. */
function refusal(governance: Governance, { bankId, drafts }: BankChanges): InvalidArgumentError {
  const { validation, config } = governance.policyFor(bankId);
  const maxContentBytes = config.homeostasis.retain_max_content_bytes;
  const reasons = drafts.map(
    ({ content }) =>
      retainInputError({ content }, { maxContentBytes }) ??
      validateContent(content, "text", validation).join("; "),
  );
  return new InvalidArgumentError(
    `A record was refused: ${reasons.find((reason) => reason !== "") ?? "no reason given"}`,
  );
}

/**
 * Puts records through everything that stands in front of a retain, and deletions through what stands in front of a forget: of
 * all banks before any is changed.
 *
 * @throws AccessDeniedError, RateLimitedError; PiiRejectedError also for a record in which personal data would be replaced;
 *   InvalidArgumentError for one that is refused; LegalHoldActiveError; ProviderUnavailableError.
 */
export async function governRecords(
  governance: Governance,
  pipeline: Pipeline,
  groups: readonly BankChanges[],
  stamp: () => Timestamp,
): Promise<void> {
  let failure: unknown;
  const admitFrom = async (at: number, admitted: readonly Admitted[]): Promise<void> => {
    const group = groups[at];
    if (group === undefined) {
      return changeAll({ governance, pipeline, stamp }, admitted);
    }
    const { drafts, deletedIds, ...call } = group;
    if (drafts.length === 0) {
      return admitFrom(at + 1, [...admitted, { ...call, pipeline, records: [], deletedIds }]);
    }
    const requests = drafts.map(({ content }) => ({
      request: { content, bankId: call.bankId, contentType: "text" },
    }));
    const results = await governRetain(
      governance,
      requests,
      call,
      async (kept, _rest, operation) => {
        const answers = drafts.map(({ id }) => ({
          stored: true,
          memoryId: id,
          deduplicated: false,
          curated: false,
        }));
        try {
          if (kept.length < drafts.length) throw refusal(governance, group);
          const records = await recordsOf(governance, group, kept);
          const guarded = guardPipeline(pipeline, operation);
          await admitFrom(at + 1, [
            ...admitted,
            { ...call, pipeline: guarded, records, deletedIds },
          ]);
          return answers;
        } catch (error) {
          failure ??= error;
          throw error;
        }
      },
    );
    if (failure !== undefined) throw failure;
    const refused = results.find(({ stored }) => !stored);
    if (refused === undefined) return;
    throw refused.error === undefined
      ? new ProviderUnavailableError(governance.provider)
      : new InvalidArgumentError(`A record was refused: ${refused.error}`);
  };
  await admitFrom(0, []);
}

/** @throws AccessDeniedError without the permission `read`; ProviderUnavailableError. */
export async function governRecordRead<Result>(
  { access, guard }: Governance,
  pipeline: Pipeline,
  { bankId, context, signal }: GovernedCall,
  read: (pipeline: Pipeline) => Promise<Result>,
): Promise<Result> {
  access.check(context, bankId, permissionOf("recall"));
  const operation = guard.begin(signal);
  try {
    return await abortable(signal, () => read(guardPipeline(pipeline, operation)));
  } finally {
    operation.settle();
  }
}
