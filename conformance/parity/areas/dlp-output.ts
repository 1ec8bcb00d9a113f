import {
  fromWire,
  memoryHitSchema,
  toWire,
  type MemoryHit,
  type RecallResult,
  type ReflectResult,
} from "astrocyte";
import { OutputScan } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";

const policySchema = z.object({
  output_pii_action: z.enum(["redact", "reject", "warn"]).default("warn"),
  scan_recall_output: z.boolean().default(false),
  scan_reflect_output: z.boolean().default(false),
});
const recallInput = z.object({
  dlp: policySchema,
  hits: z.array(z.unknown()),
  total_available: z.int().optional(),
  top_semantic_score: z.number().default(0),
  authority_context: z.string().nullish(),
});
const reflectInput = z.object({
  dlp: policySchema,
  answer: z.string(),
  confidence: z.number().optional(),
});
const recordSchema = z.record(z.string(), z.unknown());

/** What the recording hands to every reflect scan. */
const reflectAuthority = "ctx";
const keepsFields = "D-49: the fields of a result outlive the scan";

/** The recording's one scanner serves both operations, which ask their own flag before. */
function scannerOf(policy: z.infer<typeof policySchema>): OutputScan | undefined {
  return policy.scan_recall_output || policy.scan_reflect_output
    ? new OutputScan({ action: policy.output_pii_action })
    : undefined;
}

function scanRecall({ input, expected }: ParityCase): unknown {
  const { dlp, hits, authority_context: authority, ...rest } = recallInput.parse(input);
  const scanner = scannerOf(dlp);
  const result: RecallResult = {
    hits: hits.map((hit): MemoryHit => fromWire(memoryHitSchema, hit)),
    totalAvailable: rest.total_available ?? hits.length,
    topSemanticScore: rest.top_semantic_score,
    truncated: false,
    authorityContext: authority ?? undefined,
  };
  const scanned = scanner?.scanRecall(result).result ?? result;
  const actual = {
    has_scanner: scanner !== undefined,
    hits: scanned.hits.map((hit) => toWire(memoryHitSchema, hit)),
    total_available: scanned.totalAvailable,
    top_semantic_score: scanned.topSemanticScore,
    authority_context: scanned.authorityContext ?? null,
  };
  const recorded = recordSchema.parse(expected);
  // Only a result that the reference built anew has lost them.
  const isRebuilt = recorded["authority_context"] === null && typeof authority === "string";
  const kept = { top_semantic_score: rest.top_semantic_score, authority_context: authority };
  return isRebuilt ? new Corrected(actual, { ...recorded, ...kept }, keepsFields) : actual;
}

function scanReflect({ input, expected }: ParityCase): unknown {
  const { dlp, answer, confidence } = reflectInput.parse(input);
  const result: ReflectResult = {
    answer,
    confidence,
    sources: [{ text: "a source", score: 1 }],
    authorityContext: reflectAuthority,
  };
  const scanned = scannerOf(dlp)?.scanReflect(result).result ?? result;
  const actual = {
    answer: scanned.answer,
    confidence: scanned.confidence,
    observations: scanned.observations,
    n_sources: scanned.sources?.length,
    authority_context: scanned.authorityContext,
  };
  const recorded = recordSchema.parse(expected);
  // Only a result that the reference built anew has lost it.
  return recorded["authority_context"] === null
    ? new Corrected(actual, { ...recorded, authority_context: reflectAuthority }, keepsFields)
    : actual;
}

/** The last scan of what recall and reflect hand out. */
export const dlpOutput: AreaRunner = {
  area: "dlp_output",
  run: (parityCase) => {
    switch (parityCase.category) {
      case "recall":
        return scanRecall(parityCase);
      case "reflect":
        return scanReflect(parityCase);
      default:
        return new NotMapped(`no counterpart of ${parityCase.category}`);
    }
  },
};
