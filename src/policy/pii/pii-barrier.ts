import type { Metadata } from "../../dto/metadata.js";
import { AstrocyteError, ConfigError, PiiRejectedError } from "../../errors.js";
import { processLogger, type Logger } from "../../logger.js";
import type { CallOptions } from "../../spi/call-options.js";
import { applyMatches, effectiveAction, type PiiAction, type PiiRules } from "./apply-matches.js";
import { recogniseEntities, type EntityRecognizer } from "./custom-recognizer.js";
import { llmPiiTypes } from "./llm-labels.js";
import { mentionsIn, unionOfMatches } from "./llm-repeats.js";
import { scanWithLlm, type PiiModel } from "./llm-scan.js";
import type { PiiDetector } from "./pii-detector.js";
import type { PiiMatch } from "./pii-match.js";
import { redactPii } from "./redact-pii.js";

/** Who looks for personal data: nobody, the rules, the rules and a recogniser, a model alone, or the rules and a model. */
export type PiiMode = "disabled" | "regex" | "ner" | "llm" | "rules_then_llm";

export type { EntityRecognizer } from "./custom-recognizer.js";

const modes: readonly PiiMode[] = ["disabled", "regex", "ner", "llm", "rules_then_llm"];
const actions: readonly PiiAction[] = ["redact", "reject", "warn"];
const failures: readonly PiiBarrierOptions["llmFailure"][] = ["warn", "reject", undefined];

type TypeOverrides = Readonly<
  Record<
    string,
    { readonly action?: PiiAction | undefined; readonly replacement?: string | undefined }
  >
>;

export interface PiiBarrierOptions {
  readonly mode: PiiMode;
  readonly action: PiiAction;
  /** By type, one that can be found; an override without `action` only changes the label. */
  readonly typeOverrides?: TypeOverrides | undefined;
  readonly detector: PiiDetector;
  /** Due in the modes `llm` and `rules_then_llm`. */
  readonly llm?: PiiModel | undefined;
  /** Due in the mode `ner`. */
  readonly recognizer?: EntityRecognizer | undefined;
  /**
   * When the model or the recogniser fails, an open circuit included: `warn` takes what the rules find, also in the mode `llm`,
   * and logs it; `reject` refuses the content, with `ASTROCYTE_PROVIDER_UNAVAILABLE`. Choose `reject` where a name must not be
   * stored unseen. @defaultValue "warn"
   */
  readonly llmFailure?: "warn" | "reject" | undefined;
  /**
   * Whether text values of metadata are scanned; keys and numbers never are. The rules look, in their reading for fields, and in
   * the whole of a value whose key speaks of a phone; what a model or recogniser found in the content is found there again, in the
   * same letters as whole words.
   *
   * @defaultValue true
   */
  readonly scanMetadata?: boolean | undefined;
  /** Whether tags are scanned, as metadata is. @defaultValue false */
  readonly scanTags?: boolean | undefined;
  readonly logger?: Logger | undefined;
}

/** What is about to be stored. */
export interface PiiSubject {
  readonly content: string;
  readonly metadata?: Metadata | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** The subject as it may be stored. */
export interface PiiInspection {
  readonly content: string;
  readonly metadata: Metadata | undefined;
  readonly tags: string[] | undefined;
  /** One entry a match: those of the content, then of metadata, then of tags. */
  readonly piiTypes: string[];
  /** The action of the bank, whatever the overrides of types did. */
  readonly action: PiiAction;
}

/** A text with what was found in it, the rules that read it, and whether anybody else found something. */
interface Scanned {
  readonly text: string;
  readonly matches: readonly PiiMatch[];
  readonly detector: PiiDetector;
  readonly isByRules: boolean;
}

interface Found {
  readonly byRules: readonly PiiMatch[];
  readonly byReader: readonly PiiMatch[];
}

function checkOptions({ mode, action, llm, recognizer, llmFailure }: PiiBarrierOptions): void {
  if (!modes.includes(mode)) {
    throw new ConfigError(`barriers.pii.mode: "${mode}" is unknown; one of ${modes.join(", ")}`);
  }
  if (!actions.includes(action)) {
    throw new ConfigError(
      `barriers.pii.action: "${action}" is unknown; one of ${actions.join(", ")}`,
    );
  }
  if (!failures.includes(llmFailure)) {
    throw new ConfigError(
      `barriers.pii.pii_llm_failure: "${llmFailure}" is unknown; one of warn, reject`,
    );
  }
  if ((mode === "llm" || mode === "rules_then_llm") && llm === undefined) {
    throw new ConfigError(`barriers.pii.mode: "${mode}" needs a model; configure llm_provider`);
  }
  if (mode === "ner" && recognizer === undefined) {
    throw new ConfigError(
      'barriers.pii.mode: "ner" needs an entity recogniser; pass recognizer, a function from a text to ' +
        "[{ label, start, end }], or use mode regex",
    );
  }
}

function rulesOf(action: PiiAction, overrides: TypeOverrides = {}): PiiRules {
  const typeOverrides: Record<string, { action?: PiiAction; replacement?: string }> = {};
  for (const [type, { action: own, replacement }] of Object.entries(overrides)) {
    if (own !== undefined && !actions.includes(own)) {
      throw new ConfigError(
        `barriers.pii.type_overrides.${type}.action: "${own}" is unknown; one of ${actions.join(", ")}`,
      );
    }
    typeOverrides[type] = {
      ...(own !== undefined && { action: own }),
      ...(replacement !== undefined && { replacement }),
    };
  }
  return { action, typeOverrides };
}

function checkTypes(overrides: TypeOverrides | undefined, detector: PiiDetector): void {
  const known = new Set([...detector.types, ...llmPiiTypes, "unknown"]);
  for (const type of Object.keys(overrides ?? {})) {
    if (known.has(type)) continue;
    throw new ConfigError(
      `barriers.pii.type_overrides: "${type}" is unknown; types that can be found here are ${[...known].join(", ")}`,
    );
  }
}

/** Keys whose values are telephone numbers, in one row too. */
const phoneKey = /(?:^|[^a-z])(?:tele)?(?:phone|tel|mobile|cell|fax|msisdn|whatsapp)(?:$|[^a-z])/i;

function isPhoneKey(key: string): boolean {
  return phoneKey.test(key.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_"));
}

function scanField(text: string, detector: PiiDetector, known: readonly PiiMatch[]): Scanned {
  const byRules = detector.detect(text);
  const matches = unionOfMatches(byRules, mentionsIn(text, known));
  return { text, matches, detector, isByRules: matches.length === byRules.length };
}

/** What one bank does about personal data. */
export class PiiBarrier {
  /** Whether {@link PiiBarrier.inspectSync} will do. */
  readonly isSynchronous: boolean;
  readonly #mode: PiiMode;
  readonly #rules: PiiRules;
  readonly #detector: PiiDetector;
  readonly #fieldDetector: PiiDetector;
  readonly #llm: PiiModel | undefined;
  readonly #recognizer: EntityRecognizer | undefined;
  readonly #llmFailure: "warn" | "reject";
  readonly #scanMetadata: boolean;
  readonly #scanTags: boolean;
  readonly #logger: Logger;

  /** @throws ConfigError for an unknown word or type, and for a mode without the model or the recogniser that it needs. */
  constructor(options: PiiBarrierOptions) {
    checkOptions(options);
    const { mode, action, typeOverrides, detector, llm, recognizer } = options;
    this.isSynchronous = mode === "disabled" || mode === "regex";
    this.#mode = mode;
    checkTypes(typeOverrides, detector);
    this.#rules = rulesOf(action, typeOverrides);
    this.#detector = detector;
    this.#fieldDetector = detector.reading("field");
    this.#llm = llm;
    this.#recognizer = recognizer;
    this.#llmFailure = options.llmFailure ?? "warn";
    this.#scanMetadata = options.scanMetadata ?? true;
    this.#scanTags = options.scanTags ?? false;
    this.#logger = options.logger ?? processLogger;
  }

  /**
   * Scans and applies the action. A match whose action is `reject`, in any field, refuses the whole subject.
   *
   * @throws PiiRejectedError with one entry a refused match; ProviderUnavailableError when the text could not be scanned and
   * `llmFailure` is `reject`.
   */
  async inspect(subject: PiiSubject, options: CallOptions = {}): Promise<PiiInspection> {
    if (this.isSynchronous) return this.inspectSync(subject);
    const { byRules, byReader } = await this.#find(subject.content, options);
    return this.#apply(subject, unionOfMatches(byRules, byReader), byReader);
  }

  /**
   * {@link PiiBarrier.inspect} without a promise, for the modes `disabled` and `regex`.
   *
   * @throws ConfigError in the other modes.
   */
  inspectSync(subject: PiiSubject): PiiInspection {
    if (!this.isSynchronous) {
      throw new ConfigError(
        `barriers.pii.mode: "${this.#mode}" waits for its answer; use inspect()`,
      );
    }
    if (this.#mode === "disabled") {
      const { content, metadata, tags } = subject;
      const { action } = this.#rules;
      return { content, metadata, tags: tags && [...tags], piiTypes: [], action };
    }
    return this.#apply(subject, this.#detector.detect(subject.content), []);
  }

  /**
   * What is in a text, in the order found, overlapping matches included; no action is taken.
   *
   * @throws ProviderUnavailableError when the text could not be scanned and `llmFailure` is `reject`.
   */
  async scan(text: string, options: CallOptions = {}): Promise<PiiMatch[]> {
    const { byRules, byReader } = await this.#find(text, options);
    return unionOfMatches(byRules, byReader);
  }

  /** What the rules find, and what a model or a recogniser reads. */
  async #find(text: string, { signal }: CallOptions): Promise<Found> {
    if (this.#mode === "disabled") return { byRules: [], byReader: [] };
    if (this.#mode === "regex") return { byRules: this.#detector.detect(text), byReader: [] };
    const byRules = this.#mode === "llm" ? [] : this.#detector.detect(text);
    try {
      return { byRules, byReader: await this.#ask(text, { signal }) };
    } catch (error) {
      signal?.throwIfAborted();
      if (this.#llmFailure === "reject" || !AstrocyteError.isInstance(error)) throw error;
      this.#logger.warn("astrocyte.policy.pii_scan_failed", { mode: this.#mode, code: error.code });
      return {
        byRules: this.#mode === "llm" ? this.#detector.detect(text) : byRules,
        byReader: [],
      };
    }
  }

  async #ask(text: string, options: CallOptions): Promise<PiiMatch[]> {
    if (this.#mode === "ner") {
      return this.#recognizer === undefined
        ? []
        : recogniseEntities(this.#recognizer, text, options);
    }
    return this.#llm === undefined ? [] : scanWithLlm(this.#llm, text, options);
  }

  #apply(
    { content, metadata, tags }: PiiSubject,
    matches: readonly PiiMatch[],
    known: readonly PiiMatch[],
  ): PiiInspection {
    const values = new Map<string, Scanned>();
    for (const [key, value] of this.#scanMetadata ? Object.entries(metadata ?? {}) : []) {
      const detector = isPhoneKey(key) ? this.#detector : this.#fieldDetector;
      if (typeof value === "string") values.set(key, scanField(value, detector, known));
    }
    const labels = this.#scanTags
      ? (tags ?? []).map((tag) => scanField(tag, this.#fieldDetector, known))
      : [];
    const piiTypes = [{ matches }, ...values.values(), ...labels].flatMap((scanned) =>
      scanned.matches.map(({ type }) => type),
    );
    const rejected = piiTypes.filter((type) => effectiveAction(type, this.#rules) === "reject");
    if (rejected.length > 0) throw new PiiRejectedError(rejected);
    const written = new Map([...values].map(([key, value]) => [key, this.#rewrite(value)]));
    return {
      content: this.#rewriteContent(content, matches),
      metadata: metadata && { ...metadata, ...Object.fromEntries(written) },
      tags: this.#scanTags
        ? tags && labels.map((label) => this.#rewrite(label))
        : tags && [...tags],
      piiTypes,
      action: this.#rules.action,
    };
  }

  /** Applies the rules to what was found, and again to what that sets free. */
  #rewrite({ text, matches, detector, isByRules }: Scanned): string {
    if (matches.length === 0) return text;
    const applied = isByRules ? text : applyMatches(text, matches, this.#rules);
    return redactPii(applied, detector, this.#rules).text;
  }

  #rewriteContent(text: string, matches: readonly PiiMatch[]): string {
    // The model alone decides in its mode, so what it left is left.
    if (this.#mode === "llm") return applyMatches(text, matches, this.#rules);
    const detector = this.#detector;
    return this.#rewrite({ text, matches, detector, isByRules: this.isSynchronous });
  }
}
