import { assertParts } from "./assembly/assert-parts.js";
import {
  createRandomId,
  mentalModelStoreOf,
  countTokensOf,
  createPipeline,
} from "./assembly/create-pipeline.js";
import { governanceOf } from "./assembly/governance-of.js";
import { assertEnforced, groundOf, type Ground } from "./assembly/ground.js";
import type { AstrocyteOptions, FromConfigOptions } from "./astrocyte-options.js";
import { systemClock, type Clock } from "./clock.js";
import { buildProviders, closeAll } from "./config/build-providers.js";
import { concealError } from "./config/conceal-secrets.js";
import type { ConfigDocument } from "./config/document.js";
import { readConfig } from "./config/read-config.js";
import type { AstrocyteConfig } from "./config/schema.js";
import { assertBankId } from "./dto/bank-id.js";
import type { ForgetResult } from "./dto/forget.js";
import type { HealthStatus } from "./dto/health-status.js";
import type { AccessGrant, AstrocyteContext } from "./dto/identity.js";
import type { LegalHold } from "./dto/legal-hold.js";
import type { RecallRequest, RecallResult } from "./dto/recall.js";
import type { ReflectRequest, ReflectResult } from "./dto/reflect.js";
import type { RetainResult } from "./dto/retain.js";
import { toTimestamp } from "./dto/timestamp.js";
import { recallWithEngine, reflectWithEngine, retainAllWithEngine } from "./engine.js";
import {
  CapabilityNotSupportedError,
  ClosedError,
  ConfigError,
  InvalidArgumentError,
  PartialRetainError,
} from "./errors.js";
import type { GovernedCall } from "./governance/call-scope.js";
import { governForget } from "./governance/govern-forget.js";
import { governExport, governImport } from "./governance/govern-portability.js";
import { governRecallBanks } from "./governance/govern-recall-banks.js";
import { excludesSuspects, governRecall, type DispatchRecall } from "./governance/govern-recall.js";
import { governReflect } from "./governance/govern-reflect.js";
import { governRetain } from "./governance/govern-retain.js";
import { accessPolicyOf, type Governance } from "./governance/governance.js";
import { guardPipeline } from "./governance/guard-pipeline.js";
import {
  runLifecycle,
  type LifecycleOptions,
  type LifecycleResult,
} from "./governance/govern-lifecycle.js";
import {
  listHolds,
  releaseHold,
  setHold,
  type LegalHoldOptions,
} from "./governance/legal-holds.js";
import { loadPolicyPeers } from "./governance/policy-peers.js";
import type { HookHandler, HookType } from "./hooks.js";
import { abortable } from "./internal/abortable.js";
import { Directives } from "./models/directives.js";
import { MentalModels } from "./models/mental-models.js";
import type {
  ClearBankOptions,
  ExportBankOptions,
  ForgetOptions,
  HistoryOptions,
  ImportBankOptions,
  RecallOptions,
  ReflectOptions,
  RetainItem,
  RetainLaterOptions,
  RetainManyOptions,
  RetainOptions,
} from "./options.js";
import { BackgroundTasks } from "./pipeline/background-tasks.js";
import { forget } from "./pipeline/forget/forget.js";
import type { Pipeline } from "./pipeline/pipeline.js";
import type { MultiBankStrategyInput } from "./pipeline/recall/banks/multi-bank-strategy.js";
import type { RecallSettings } from "./pipeline/recall/recall-settings.js";
import { recall } from "./pipeline/recall/recall.js";
import { evidenceRequest } from "./pipeline/reflect/evidence-request.js";
import { reflect } from "./pipeline/reflect/reflect.js";
import type { KeyedRetainRequest } from "./pipeline/retain/prepare-content.js";
import { retain } from "./pipeline/retain/retain.js";
import { resolveReadBanks } from "./policy/bank-resolver.js";
import type { Permission } from "./policy/permissions.js";
import type { TokenCounter } from "./policy/tokens.js";
import { exportMemories } from "./portability/export-memories.js";
import { importMemories } from "./portability/import-memories.js";
import type { ImportResult } from "./portability/import-result.js";
import { assertTextSource, type TextSource } from "./portability/read-lines.js";
import { transferOptions } from "./portability/transfer-options.js";
import { Records } from "./records/records.js";
import { reflectBanks } from "./reflect-banks.js";
import {
  assertOptions,
  bankList,
  callContext,
  forgetRequest,
  legalHoldOptions,
  recallRequest,
  reflectRequest,
  retainBatches,
  retainRequests,
} from "./requests.js";
import { safeLogger } from "./safe-logger.js";
import { recallSettingsOf } from "./settings/recall-settings-of.js";
import { reflectSettingsOf } from "./settings/reflect-settings-of.js";
import type { CallOptions } from "./spi/call-options.js";
import type { EngineProvider } from "./spi/engine-provider.js";
import { ProviderRegistry } from "./spi/registry.js";
import type { VectorStore } from "./spi/vector-store.js";

/**
 * Long-term memory over banks: retain, recall, reflect, forget.
 *
 * Every call checks its arguments (`ASTROCYTE_INVALID_ARGUMENT`, bank ids `ASTROCYTE_CONFIG`), takes a `signal`, and rejects
 * with `ASTROCYTE_CLOSED` after {@link Astrocyte.close}. An unknown bank is an empty one, never an error.
 */
export class Astrocyte implements AsyncDisposable {
  /** What is held to be true of a bank or of someone in it. */
  readonly mentalModels: MentalModels;
  /** Rules for agents, kept beside the mental models. */
  readonly directives: Directives;
  /** Memories with ids and data of the caller's: see {@link Records}. */
  readonly records: Records;
  readonly #options: AstrocyteOptions;
  readonly #config: AstrocyteConfig;
  readonly #pipeline: Pipeline | undefined;
  readonly #governance: Governance;
  readonly #recallSettings: RecallSettings;
  readonly #clock: Clock;
  readonly #countTokens: TokenCounter;
  readonly #background = new BackgroundTasks();
  #owned: readonly { close?(): Promise<void> }[] = [];
  #closing: Promise<void> | undefined;

  /**
   * @param ground - Internal: what {@link Astrocyte.fromConfig} read and loaded.
   * @throws ConfigError when a part lacks a method, has an unsupported SPI version, or could not forget, and for settings that
   *   are wrong.
   */
  constructor(options: AstrocyteOptions, ground: Ground = groundOf(options)) {
    assertParts(options);
    this.#options = options;
    this.#config = ground.config;
    this.#recallSettings = recallSettingsOf(ground.config);
    this.#pipeline = createPipeline(options, ground);
    this.#governance = governanceOf(options, ground);
    this.#clock = options.clock ?? systemClock;
    this.#countTokens = countTokensOf(options, ground);
    const { createId = createRandomId } = options;
    this.mentalModels = new MentalModels({
      governance: this.#governance,
      store: mentalModelStoreOf(options),
      assertOpen: (signal) => this.#assertOpen(signal),
    });
    this.directives = new Directives(this.mentalModels, createId);
    this.records = new Records({
      governance: this.#governance,
      requirePipeline: (operation) => this.#requireListing(operation),
      assertOpen: (signal) => this.#assertOpen(signal),
    });
  }

  /**
   * Builds a brain from an `astrocyte.yaml`, or from the same document as an object. Providers that it makes from names are
   * closed with the brain; those passed in `providers` stay the caller's.
   *
   * @throws ConfigError that names the file and the setting; MissingPeerError when a provider's package is not installed.
   */
  static async fromConfig(
    source: string | ConfigDocument,
    options: FromConfigOptions = {},
  ): Promise<Astrocyte> {
    const { providers: host = {}, registry = new ProviderRegistry(options), environment } = options;
    const { clock = systemClock } = options;
    const loaded = await readConfig(source, { logger: safeLogger(options.logger), environment });
    const { config, bankConfigs, label } = loaded;
    assertEnforced(config, label);
    const peers = await loadPolicyPeers(config, [...bankConfigs.values()]);
    const owned: { close?(): Promise<void> }[] = [];
    try {
      const providers = await buildProviders(config, host, { registry, clock, label });
      owned.push(...providers.owned);
      const brain = new Astrocyte({ ...options, ...providers }, { config, bankConfigs, peers });
      brain.#owned = providers.owned;
      return brain;
    } catch (error) {
      await closeAll(owned).catch(() => undefined);
      throw concealError(error, loaded);
    }
  }

  /**
   * Stores a content as one memory or, when it is long, as several; personal data in it is treated first, as configured.
   *
   * @returns `stored: false` with `error` for a content that is refused, or with `deduplicated` for one that is there already.
   * @throws AccessDeniedError, RateLimitedError, PiiRejectedError.
   */
  async retain(content: string, options: RetainOptions): Promise<RetainResult> {
    const { bankId, context, signal, ...item } = assertOptions("retain", options);
    const [result] = await this.retainMany([{ content, ...item }], { bankId, context, signal });
    if (result === undefined) throw new ConfigError("The provider gave no result for the retain");
    return result;
  }

  /**
   * Stores several contents of one bank with one embedding call and one write; all are checked before any is stored, and each
   * counts against the limits. With a `batchSize` that holds of each batch, one after the other.
   *
   * @returns One result a content, in order.
   * @throws AccessDeniedError, RateLimitedError, PiiRejectedError; then nothing of the batch is stored. PartialRetainError with
   *   the results so far when batches before were.
   */
  async retainMany(
    items: readonly RetainItem[],
    options: RetainManyOptions,
  ): Promise<RetainResult[]> {
    const { bankId, signal } = assertOptions("retainMany", options);
    this.#assertOpen(signal);
    const context = callContext("retain", options.context);
    return this.#retainAll(retainRequests(items, bankId), { bankId, context, signal }, options);
  }

  /**
   * Retains after the call, one call of a bank after another; {@link Astrocyte.flush} and {@link Astrocyte.close} wait for it.
   * A failure is logged as `astrocyte.retain.background_failed`.
   *
   * @returns False when too many wait already; then nothing will be retained.
   * @throws InvalidArgumentError at once, as {@link Astrocyte.retainMany} does.
   */
  retainLater(items: readonly RetainItem[], options: RetainLaterOptions): boolean {
    const { bankId, signal, onRetained, onError } = assertOptions("retainLater", options);
    this.#assertOpen(signal);
    const context = callContext("retain", options.context);
    const requests = retainRequests(items, bankId);
    return this.#background.start(bankId, async () => {
      try {
        // Not the public call: what was taken on is still retained while the brain closes.
        const results = await this.#retainAll(requests, { bankId, context, signal }, options);
        onRetained?.(results);
      } catch (error) {
        this.#governance.logger.warn("astrocyte.retain.background_failed", {
          bank_id: bankId,
          error: error instanceof Error ? error.name : typeof error,
        });
        try {
          onError?.(error);
        } catch {
          // The failure has been told; a listener's own must not end the queue.
        }
      }
    });
  }

  /**
   * Finds memories, best first.
   *
   * @throws AccessDeniedError, RateLimitedError.
   */
  async recall(query: string, options: RecallOptions): Promise<RecallResult> {
    const { signal, includeQuarantined, explain, strategy } = assertOptions("recall", options);
    this.#assertOpen(signal);
    const context = callContext("recall", options.context);
    const banks = this.#readBanks(options, context);
    const [bankId = ""] = banks;
    const isOne = banks.length === 1;
    const { homeostasis } = isOne ? this.#governance.policyFor(bankId).config : this.#config;
    const request = recallRequest(query, { ...options, bankId }, homeostasis.recall_max_tokens);
    const call = { context, signal, includeQuarantined, authority: this.#recallSettings.authority };
    if (isOne) {
      const one = { ...call, bankId };
      return governRecall(this.#governance, request, one, this.#recallFrom(request, explain));
    }
    const maxResults = Math.max(1, request.maxResults);
    const merge = { ...request, maxResults, strategy, countTokens: this.#countTokens };
    return governRecallBanks(this.#governance, { ...call, banks }, merge, (id) => {
      // Only a bank with a budget of its own cuts before the hits are merged.
      const own = this.#governance.policyFor(id).config.homeostasis.recall_max_tokens;
      const maxTokens = own === homeostasis.recall_max_tokens ? undefined : own || undefined;
      return this.#recallFrom({ ...request, bankId: id, maxTokens }, explain);
    });
  }

  /**
   * Finds memories as they were at a time: a recall that must say `asOf`.
   *
   * @throws InvalidArgumentError without `asOf`; else as {@link Astrocyte.recall}.
   */
  async history(query: string, options: HistoryOptions): Promise<RecallResult> {
    if (assertOptions("recall", options).asOf === undefined) {
      throw new InvalidArgumentError("history: asOf: expected the time to look back to");
    }
    return this.recall(query, options);
  }

  /**
   * Answers a question from memories with a model.
   *
   * @throws CapabilityNotSupportedError when there is no model; AccessDeniedError, RateLimitedError; ConfigError for an unknown
   *   strategy.
   */
  async reflect(query: string, options: ReflectOptions): Promise<ReflectResult> {
    const { signal, strategy } = assertOptions("reflect", options);
    this.#assertOpen(signal);
    const context = callContext("reflect", options.context);
    const banks = this.#readBanks(options, context);
    const [bankId = ""] = banks;
    const { config } = this.#governance.policyFor(bankId);
    const request = reflectRequest(
      query,
      { ...options, bankId },
      config.homeostasis.reflect_max_tokens,
    );
    if (banks.length > 1) return this.#reflectBanks(request, banks, strategy, { context, signal });
    const { engine, llm } = this.#options;
    const fallback = this.#config.fallback_strategy;
    if (engine === undefined) {
      const pipeline = this.#requirePipeline();
      const reflectSettings = reflectSettingsOf(config);
      return governReflect(
        this.#governance,
        request,
        { bankId, context, signal },
        (rest, operation) =>
          reflect({ ...guardPipeline(pipeline, operation), reflectSettings }, request, rest),
      );
    }
    return governReflect(
      this.#governance,
      request,
      { bankId, context, signal },
      (rest, operation) =>
        reflectWithEngine(
          operation.wrap(engine, engine.name),
          llm === undefined ? undefined : operation.wrap(llm, llm.name),
          fallback,
          request,
          { ...rest, countTokens: this.#countTokens },
        ),
    );
  }

  /**
   * Deletes memories from every store: vectors, full text and graph.
   *
   * @throws CapabilityNotSupportedError when the engine cannot forget; AccessDeniedError; LegalHoldActiveError when the bank is
   *   under a hold.
   */
  async forget(options: ForgetOptions): Promise<ForgetResult> {
    const { bankId, signal, compliance, reason } = assertOptions("forget", options);
    this.#assertOpen(signal);
    const context = callContext("forget", options.context);
    const request = forgetRequest(options);
    const { engine } = this.#options;
    if (engine === undefined && this.#pipeline === undefined) {
      throw new CapabilityNotSupportedError("none", "forget", "pass a vectorStore or an engine");
    }
    const call = { bankId, context, signal, compliance, reason };
    return governForget(this.#governance, request, call, async () => {
      const canForget = engine?.capabilities.supportsForget === true && engine.forget !== undefined;
      if (engine !== undefined && !canForget) {
        throw new CapabilityNotSupportedError(engine.name, "forget");
      }
      if (request.scope === "all") {
        await mentalModelStoreOf(this.#options)?.clearModels({ bankId, signal });
      }
      return engine?.forget === undefined
        ? this.#changing(() => forget(this.#requirePipeline(), request, { signal }))
        : engine.forget(request, { signal });
    });
  }

  /**
   * Rids the files of the vector store of everything that was forgotten or replaced before the call; `receipt.needsCompaction`
   * of a forget says when that is due. Others may have to wait meanwhile.
   *
   * @returns Whether the store has files that it can rid of it.
   */
  async compact({ signal }: CallOptions = {}): Promise<boolean> {
    this.#assertOpen(signal);
    const { vectorStore } = this.#options;
    if (vectorStore?.compact === undefined) return false;
    await vectorStore.compact({ signal });
    return true;
  }

  /**
   * Forgets memories of a bank that are too old by the configured `lifecycle`, and tells which might be archived. Nothing calls it
   * by itself. Needs the permission `admin` where access is controlled; a bank under a legal hold keeps everything.
   *
   * @returns Zeros where `lifecycle.enabled` is off.
   * @throws CapabilityNotSupportedError with an engine.
   */
  async runLifecycle(bankId: string, options: LifecycleOptions = {}): Promise<LifecycleResult> {
    const { signal } = options;
    this.#assertOpen(signal);
    const { engine } = this.#options;
    if (engine !== undefined) throw new CapabilityNotSupportedError(engine.name, "runLifecycle");
    const pipeline = this.#requirePipeline();
    const context = callContext("runLifecycle", options.context);
    return runLifecycle(
      this.#governance,
      pipeline.vectorStore,
      bankId,
      { ...options, context },
      (memoryIds) => forget(pipeline, { bankId, memoryIds: [...memoryIds] }, { signal }),
    );
  }

  /** Empties a bank, as {@link Astrocyte.forget} does with `scope: "all"`. */
  async clearBank(bankId: string, options: ClearBankOptions = {}): Promise<ForgetResult> {
    return this.forget({ ...assertOptions("clearBank", options), bankId, scope: "all" });
  }

  /**
   * Writes a bank as an AMA file, line by line: `await writeFile(path, brain.exportBank({ bankId }))`. Constant memory, whatever
   * the size. Needs the permission `admin` where access is controlled. What is derived from the bank, its holds and its mental
   * models are not part of it.
   *
   * @throws CapabilityNotSupportedError for an engine; AccessDeniedError; StorageError when the bank was changed meanwhile, so
   *   that what was written is not whole.
   */
  async *exportBank(options: ExportBankOptions): AsyncGenerator<string, void> {
    const { bankId, signal, ...rest } = assertOptions("exportBank", options);
    this.#assertOpen(signal);
    assertBankId(bankId);
    const { includeEmbeddings, onProgress } = transferOptions("exportBank", rest);
    const pipeline = this.#requireListing("exportBank");
    const call = { bankId, signal, context: callContext("exportBank", rest.context) };
    yield* governExport(this.#governance, call, (operation) =>
      exportMemories(guardPipeline(pipeline, operation), {
        bankId,
        signal,
        includeEmbeddings,
        onProgress,
      }),
    );
  }

  /**
   * Reads the memories of an AMA file into a bank, with their ids and times, through the barriers and past the limits:
   * `await brain.importBank(createReadStream(path), { bankId })`. Constant memory, whatever the size. Needs the permission `admin`
   * where access is controlled. One that was cut off can be repeated: what is there already is skipped.
   *
   * @throws InvalidArgumentError when the first line is no header; CapabilityNotSupportedError for an engine; AccessDeniedError;
   *   LegalHoldActiveError with `onConflict: "overwrite"` in a bank under a hold; ProviderUnavailableError and StorageError, with
   *   the batches before stored.
   */
  async importBank(source: TextSource, options: ImportBankOptions): Promise<ImportResult> {
    const { bankId, signal, ...rest } = assertOptions("importBank", options);
    this.#assertOpen(signal);
    assertBankId(bankId);
    const settings = transferOptions("importBank", rest);
    assertTextSource(source);
    const pipeline = this.#requireListing("importBank");
    const call = { bankId, signal, context: callContext("importBank", rest.context) };
    return governImport(this.#governance, call, ({ passBarriers, runStep }) =>
      importMemories(pipeline, source, {
        ...settings,
        bankId,
        signal,
        passBarriers,
        runStep: (step, rule) =>
          runStep(
            (operation) => this.#changing(() => step(guardPipeline(pipeline, operation))),
            rule,
          ),
      }),
    );
  }

  /**
   * Calls a function on every event of a kind: after the operation has done its work, before it returns.
   *
   * @returns A function that takes the handler off again.
   */
  registerHook(type: HookType, handler: HookHandler): () => void {
    return this.#governance.hooks.register(type, handler);
  }

  /** Replaces all access grants. @throws ConfigError for a bad grant. */
  setAccessGrants(grants: readonly AccessGrant[]): void {
    if (!Array.isArray(grants)) throw new ConfigError("setAccessGrants: expected a list of grants");
    this.#governance.access = accessPolicyOf(this.#config, grants);
  }

  /** @throws AccessDeniedError when the caller lacks the permission. */
  checkAccess(bankId: string, permission: Permission, context?: AstrocyteContext): void {
    assertBankId(bankId);
    this.#governance.access.check(callContext("checkAccess", context), bankId, permission);
  }

  /**
   * Forbids forgetting in a bank until the hold is released. Needs the permission `admin` where access is controlled.
   *
   * @returns The hold; setting one of the same id again replaces it.
   */
  async setLegalHold(
    bankId: string,
    holdId: string,
    options: LegalHoldOptions = {},
  ): Promise<LegalHold> {
    this.#assertOpen(options?.signal);
    return setHold(this.#governance, bankId, holdId, legalHoldOptions("setLegalHold", options));
  }

  /** @returns Whether there was such a hold. */
  async releaseLegalHold(
    bankId: string,
    holdId: string,
    options: LegalHoldOptions = {},
  ): Promise<boolean> {
    this.#assertOpen(options?.signal);
    return releaseHold(
      this.#governance,
      bankId,
      holdId,
      legalHoldOptions("releaseLegalHold", options),
    );
  }

  /** The holds of a bank, oldest first. Needs the permission `admin` where access is controlled. */
  async legalHolds(
    bankId: string,
    options: Omit<LegalHoldOptions, "reason"> = {},
  ): Promise<readonly LegalHold[]> {
    this.#assertOpen(options?.signal);
    return listHolds(this.#governance, bankId, legalHoldOptions("legalHolds", options));
  }

  /** Asks the engine or the vector store; an outage is an answer, not an error. */
  async health(options: CallOptions = {}): Promise<HealthStatus> {
    const { signal } = assertOptions("health", options);
    this.#assertOpen(signal);
    const start = this.#clock.monotonic();
    const provider = this.#options.engine ?? this.#options.vectorStore;
    const status = await this.#ask(provider, signal);
    return {
      ...status,
      latencyMs: this.#clock.monotonic() - start,
      lastCheckAt: toTimestamp(this.#clock.now()),
    };
  }

  /**
   * Waits for what goes on after a call has returned: observations that are drawn, and retains that were left for later. Without
   * it they come a little later.
   */
  async flush({ signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    await abortable(signal, () => this.#background.flush());
  }

  /**
   * Waits for what is still going on, as {@link Astrocyte.flush} does, and closes the providers that the brain made itself.
   * Calling it again does nothing.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#background.flush().then(() => closeAll(this.#owned));
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Takes requests that are well formed through the policies to the pipeline or the engine, batch by batch. */
  async #retainAll(
    requests: readonly KeyedRetainRequest[],
    call: GovernedCall,
    { batchSize, onProgress }: RetainManyOptions,
  ): Promise<RetainResult[]> {
    const { length: total } = requests;
    const { engine } = this.#options;
    if (
      engine !== undefined &&
      requests.some(({ idempotencyKey }) => idempotencyKey !== undefined)
    ) {
      throw new CapabilityNotSupportedError(engine.name, "idempotencyKey");
    }
    const all: RetainResult[] = [];
    for (const batch of retainBatches(requests, batchSize)) {
      try {
        const results = await this.#retainBatch(batch, call);
        all.push(...results);
        onProgress?.({ done: all.length, total, results });
      } catch (error) {
        if (all.length === 0 || call.signal?.aborted === true) throw error;
        throw new PartialRetainError(all, total, { cause: error });
      }
    }
    return all;
  }

  /** Forgets what recalls found when memories have changed, or may have. */
  async #changing<Result>(change: () => Promise<Result>): Promise<Result> {
    try {
      return await change();
    } finally {
      this.#pipeline?.recallCache?.clear();
    }
  }

  #retainBatch(
    requests: readonly KeyedRetainRequest[],
    call: GovernedCall,
  ): Promise<RetainResult[]> {
    const { bankId, signal } = call;
    const { engine } = this.#options;
    if (engine === undefined) {
      const pipeline = this.#requirePipeline();
      return governRetain(this.#governance, requests, call, (kept, rest, operation) =>
        this.#changing(() =>
          retain(guardPipeline(pipeline, operation), kept, {
            ...rest,
            later: (task) => this.#doLater(bankId, pipeline, task),
          }),
        ),
      );
    }
    return governRetain(this.#governance, requests, call, (kept, _rest, operation) =>
      retainAllWithEngine(operation.wrap(engine, engine.name), kept, { signal }),
    );
  }

  /** Runs a task after the call that caused it, behind circuit breakers of its own. */
  #doLater(
    bankId: string,
    pipeline: Pipeline,
    task: (pipeline: Pipeline) => Promise<void>,
  ): boolean {
    return this.#background.start(bankId, async () => {
      const operation = this.#governance.guard.begin(undefined);
      try {
        await this.#changing(() => task(guardPipeline(pipeline, operation)));
      } finally {
        operation.settle();
      }
    });
  }

  #reflectBanks(
    request: ReflectRequest,
    banks: readonly string[],
    strategy: MultiBankStrategyInput | undefined,
    { context, signal }: Omit<GovernedCall, "bankId">,
  ): Promise<ReflectResult> {
    const { bankId } = request;
    const { engine, llm } = this.#options;
    const governance = this.#governance;
    const call = { bankId, banks, context, signal };
    return governReflect(governance, request, call, (_rest, operation) =>
      reflectBanks(
        request,
        banks,
        {
          strategy,
          authority: this.#config.recall_authority.apply_to_reflect
            ? this.#recallSettings.authority
            : undefined,
          llm: llm === undefined ? undefined : operation.wrap(llm, llm.name),
          joinsTexts: engine !== undefined && this.#config.fallback_strategy !== "local_llm",
          onBankFailure: (bank, error) =>
            governance.logger.warn("astrocyte.reflect.bank_failed", {
              bank_id: bank,
              error: error instanceof Error ? error.name : typeof error,
            }),
          recallBank: (bank, rest) => {
            const excludeSuspects = excludesSuspects(governance, { ...call, bankId: bank });
            const asked = evidenceRequest(request, {
              bankId: bank,
              maxResults: 20,
              maxTokens: undefined,
            });
            return this.#recallFrom(asked, false)({ ...rest, excludeSuspects }, operation);
          },
        },
        { signal },
      ),
    );
  }

  /** The banks that a recall or reflect reads, each once. */
  #readBanks(
    options: RecallOptions | ReflectOptions,
    context: AstrocyteContext | undefined,
  ): string[] {
    const resolved = resolveReadBanks({
      bankId: options.bankId ?? undefined,
      banks: bankList(options.banks),
      context,
      access: this.#governance.access,
      autoResolve: this.#config.identity.auto_resolve_banks,
      knownBankIds: Object.keys(this.#config.banks ?? {}),
    });
    return [...new Set(resolved)];
  }

  /** Recalls from the one bank that a request names. */
  #recallFrom(request: RecallRequest, explain: boolean | undefined): DispatchRecall {
    const { engine } = this.#options;
    if (engine !== undefined) {
      const countTokens = this.#countTokens;
      return (rest, operation) =>
        recallWithEngine(operation.wrap(engine, engine.name), request, { ...rest, countTokens });
    }
    const pipeline = this.#requirePipeline();
    return (rest, operation) =>
      recall(guardPipeline(pipeline, operation), request, { ...rest, explain, isRepeatable: true });
  }

  async #ask(
    provider: EngineProvider | VectorStore | undefined,
    signal: AbortSignal | undefined,
  ): Promise<HealthStatus> {
    if (provider === undefined) return { healthy: true, message: "No provider configured" };
    try {
      return await provider.health({ signal });
    } catch (error) {
      signal?.throwIfAborted();
      return { healthy: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  #assertOpen(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#closing !== undefined) throw new ClosedError("This brain");
  }

  /** An engine keeps its memories to itself. */
  #requireListing(operation: string): Pipeline {
    const { engine } = this.#options;
    if (engine === undefined) return this.#requirePipeline();
    throw new CapabilityNotSupportedError(engine.name, operation);
  }

  #requirePipeline(): Pipeline {
    if (this.#pipeline !== undefined) return this.#pipeline;
    throw new ConfigError(
      "No provider or pipeline configured: pass a vectorStore or an engine, or build the brain with fromConfig",
    );
  }
}
