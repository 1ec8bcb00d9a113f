import type { HealthStatus } from "../dto/health-status.js";
import type { MentalModel, MentalModelDraftInput } from "../dto/mental-model.js";
import type { BankOptions, CallOptions } from "./call-options.js";

export interface ListModelsOptions extends BankOptions {
  /** Exactly this scope. */
  readonly scope?: string | undefined;
  /** Exactly this kind. */
  readonly kind?: string | undefined;
}

/** An operation of an update as it is reported, without contents, in the contract's own spelling. */
export type ReportedOperation = Readonly<Record<string, unknown>>;

/** What an update did, operation by operation, in order. */
export interface UpdateSummary {
  readonly applied: readonly ReportedOperation[];
  /** Each with its `reason`: malformed, an unknown section, an index out of range. */
  readonly skipped: readonly ReportedOperation[];
  /** Whether any was applied. */
  readonly changed: boolean;
}

export interface ModelUpdate {
  /** The new revision; the old one when nothing changed. */
  readonly revision: number;
  readonly summary: UpdateSummary;
}

/**
 * Keeps mental models by (`bankId`, `modelId`), with the revisions that later ones replaced. The names of its methods leave room
 * for a vector store to be one too.
 *
 * A write is atomic: of two at once, the later works on what the earlier left. An aborted signal rejects before a write.
 */
export interface MentalModelStore {
  readonly spiVersion: 1;
  readonly name: string;
  /**
   * Stores a model as a new revision: 1 for a new one, else one more than the stored one, which is kept. Source timestamps that
   * do not match the sources in number are dropped.
   *
   * @returns The revision.
   */
  upsertModel(model: MentalModelDraftInput, options: BankOptions): Promise<number>;
  getModel(modelId: string, options: BankOptions): Promise<MentalModel | undefined>;
  /** In the order of their ids. */
  listModels(options: ListModelsOptions): Promise<MentalModel[]>;
  /** The replaced revisions of a model, oldest first. */
  listRevisions(modelId: string, options: BankOptions): Promise<MentalModel[]>;
  /** Deletes a model and its replaced revisions. */
  deleteModel(modelId: string, options: BankOptions): Promise<boolean>;
  /**
   * Changes the document of a model, parsed from its Markdown when it has none, and renders it again. Operations that are
   * malformed or do not fit are left out one by one; when none is applied, nothing changes.
   *
   * @param operations - In the contract's form, as a model writes them: `{ op: "append_block", section_id, block }`.
   * @returns `undefined` for an unknown model.
   */
  updateModel(
    modelId: string,
    operations: readonly unknown[],
    options: BankOptions,
  ): Promise<ModelUpdate | undefined>;
  /**
   * Adds sources, each once and in order, as a new revision. Timestamps of sources are dropped, since the new ones have none.
   *
   * @returns The model; `undefined` when it is unknown.
   */
  refreshModel(
    modelId: string,
    newSourceIds: readonly string[],
    options: BankOptions,
  ): Promise<MentalModel | undefined>;
  /** Deletes all models of a bank with their revisions; returns how many models there were. */
  clearModels(options: BankOptions): Promise<number>;
  health(options?: CallOptions): Promise<HealthStatus>;
  close?(): Promise<void>;
}
