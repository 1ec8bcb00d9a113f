import type { Metadata } from "../dto/metadata.js";
import type { MemoryHit, RecallResult } from "../dto/recall.js";
import type { ReflectResult } from "../dto/reflect.js";
import { reservedMetadataPrefix } from "../dto/reserved.js";
import { ConfigError } from "../errors.js";
import type { PiiAction } from "./pii/apply-matches.js";
import { PiiDetector } from "./pii/pii-detector.js";
import { redactPii } from "./pii/redact-pii.js";

export interface OutputScanOptions {
  /** `reject` leaves out what holds personal data, `redact` rewrites it, `warn` only reports. */
  readonly action: PiiAction;
  /** @defaultValue true */
  readonly scanRecall?: boolean | undefined;
  /** @defaultValue true */
  readonly scanReflect?: boolean | undefined;
  /** @defaultValue a detector without countries and custom patterns */
  readonly detector?: PiiDetector | undefined;
}

/** A result as it may go out; `detectedTypes` has one entry a match. */
export interface ScannedOutput<Result> {
  readonly result: Result;
  readonly detectedTypes: string[];
}

const actions: readonly PiiAction[] = ["redact", "reject", "warn"];
const blockedObservation = "Reflect output blocked by DLP policy: PII detected";

/** Scans one result: collects what was found and says what becomes of each text. */
class ResultScan {
  readonly detectedTypes: string[] = [];
  readonly #detector: PiiDetector;
  readonly #fieldDetector: PiiDetector;
  readonly #action: PiiAction;

  constructor(detector: PiiDetector, fieldDetector: PiiDetector, action: PiiAction) {
    this.#detector = detector;
    this.#fieldDetector = fieldDetector;
    this.#action = action;
  }

  /** The text to hand out; undefined when it is refused. */
  text(text: string, detector = this.#detector): string | undefined {
    const matches = detector.detect(text);
    if (matches.length === 0) return text;
    for (const { type } of matches) this.detectedTypes.push(type);
    if (this.#action === "reject") return undefined;
    return redactPii(text, detector, { action: this.#action }).text;
  }

  /** Undefined when any value is refused. */
  metadata(metadata: Metadata): Metadata | undefined {
    const written: Metadata = { ...metadata };
    let isRefused = false;
    for (const [key, value] of Object.entries(metadata)) {
      // What the framework wrote itself, such as the hash of a content, is no text.
      if (typeof value !== "string" || key.startsWith(reservedMetadataPrefix)) continue;
      const text = this.text(value, this.#fieldDetector);
      if (text === undefined) isRefused = true;
      else written[key] = text;
    }
    return isRefused ? undefined : written;
  }

  /** Undefined when the hit is refused. */
  hit(hit: MemoryHit): MemoryHit | undefined {
    const text = this.text(hit.text);
    if (hit.metadata === undefined) return text === undefined ? undefined : { ...hit, text };
    const metadata = this.metadata(hit.metadata);
    return text === undefined || metadata === undefined ? undefined : { ...hit, text, metadata };
  }

  hits(hits: readonly MemoryHit[]): MemoryHit[] {
    return hits.map((hit) => this.hit(hit)).filter((hit) => hit !== undefined);
  }
}

function withAuthority<Result extends { authorityContext?: string | undefined }>(
  result: Result,
  scan: ResultScan,
): Result {
  const { authorityContext } = result;
  return authorityContext === undefined
    ? result
    : { ...result, authorityContext: scan.text(authorityContext) };
}

/**
 * The last look at what recall and reflect hand out, for memories that were stored before a rule existed. It knows the
 * types of every country-free rule; nothing but texts, text values of metadata and the authority context changes.
 */
export class OutputScan {
  readonly #action: PiiAction;
  readonly #detector: PiiDetector;
  readonly #fieldDetector: PiiDetector;
  readonly #isScanningRecall: boolean;
  readonly #isScanningReflect: boolean;

  /** @throws ConfigError for an unknown action. */
  constructor({
    action,
    scanRecall = true,
    scanReflect = true,
    detector = new PiiDetector(),
  }: OutputScanOptions) {
    if (!actions.includes(action)) {
      throw new ConfigError(
        `dlp.output_pii_action: "${action}" is unknown; one of ${actions.join(", ")}`,
      );
    }
    this.#action = action;
    this.#detector = detector;
    this.#fieldDetector = detector.reading("field");
    this.#isScanningRecall = scanRecall;
    this.#isScanningReflect = scanReflect;
  }

  /** Under `reject`, hits with personal data are left out; `totalAvailable` still counts them. */
  scanRecall(result: RecallResult): ScannedOutput<RecallResult> {
    if (!this.#isScanningRecall) return { result, detectedTypes: [] };
    const scan = new ResultScan(this.#detector, this.#fieldDetector, this.#action);
    const hits = scan.hits(result.hits);
    const scanned = withAuthority({ ...result, hits }, scan);
    return { result: scanned, detectedTypes: scan.detectedTypes };
  }

  /**
   * Under `reject`, an answer with personal data becomes empty and the observations say so; sources and observations with
   * personal data are left out.
   */
  scanReflect(result: ReflectResult): ScannedOutput<ReflectResult> {
    if (!this.#isScanningReflect) return { result, detectedTypes: [] };
    const scan = new ResultScan(this.#detector, this.#fieldDetector, this.#action);
    const answer = scan.text(result.answer);
    const observations = result.observations
      ?.map((observation) => scan.text(observation))
      .filter((observation) => observation !== undefined);
    const scanned: ReflectResult = { ...result, answer: answer ?? "" };
    if (result.sources !== undefined) scanned.sources = scan.hits(result.sources);
    if (answer === undefined) scanned.observations = [blockedObservation];
    else if (observations !== undefined) scanned.observations = observations;
    return { result: withAuthority(scanned, scan), detectedTypes: scan.detectedTypes };
  }
}
