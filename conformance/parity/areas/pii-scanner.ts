import { AstrocyteError, PiiRejectedError } from "astrocyte";
import {
  applyMatches,
  compileCustomPattern,
  loadPatternEngine,
  luhnCheck,
  mergeMatches,
  PiiBarrier,
  PiiDetector,
  type PiiAction,
  type PiiMatch,
  type PiiMode,
} from "astrocyte/policy";
import * as z from "zod";
import { Corrected, Projection, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";
import { runLlmCase } from "./pii-scanner-llm.js";
import { dueOutcome, outcomeReason } from "./pii-scanner/due-outcome.js";
import { isExtended, isExtension } from "./pii-scanner/extension.js";
import {
  scanExpectation,
  scanInput,
  type RecordedMatch,
  type ScannerConfig,
} from "./pii-scanner/recorded.js";

const actions: readonly PiiAction[] = ["redact", "reject", "warn"];
const countries = new Set("AU CA CN DE ES FR GB IN IT JP SG UK US".split(" "));
/** What needs a backtracking engine; there is none here. */
const lookAround = /\(\?<?[=!]|\\\d/u;

/** What is found without a country. */
const commonTypes = "email phone ssn credit_card ip_address date_of_birth iban".split(" ");
const modelTypes =
  "name email phone address ssn credit_card medical_record date_of_birth national_id passport financial_account unknown".split(
    " ",
  );
const countryTypes: Readonly<Record<string, string>> = {
  SG: "nric sg_phone",
  IN: "aadhaar pan in_phone",
  US: "us_passport",
  UK: "uk_nino uk_nhs uk_phone",
  GB: "uk_nino uk_nhs uk_phone",
  DE: "de_personalausweis",
  FR: "fr_insee",
  IT: "it_codice_fiscale",
  ES: "es_dni es_nie",
  AU: "au_tfn au_medicare au_phone",
  CA: "ca_sin",
  JP: "jp_my_number jp_phone",
  CN: "cn_resident_id cn_phone",
};

/** An override for a type that the scanner cannot find. */
function overridesNothing(config: ScannerConfig): boolean {
  const known = new Set([
    ...commonTypes,
    ...modelTypes,
    ...config.countries.flatMap((code) => countryTypes[code.toUpperCase()]?.split(" ") ?? []),
    ...Object.keys(config.custom_patterns),
  ]);
  return Object.keys(config.type_overrides).some((type) => !known.has(type));
}

/** Why a configuration is refused here that the reference takes, or undefined. */
function refusalReason(config: ScannerConfig): string | undefined {
  if (!actions.some((action) => action === config.action)) {
    return "04 section 4.3: an unknown action is refused";
  }
  if (config.mode !== "regex" && config.mode !== "disabled") {
    return "D-37: a mode that is unknown, or lacks the model or recogniser it needs, is refused";
  }
  if (config.countries.some((country) => !countries.has(country.toUpperCase()))) {
    return "D-39: an unknown country is refused";
  }
  if (overridesNothing(config)) {
    return "04 section 4.3: an override for a type that cannot be found is refused";
  }
  return Object.values(config.custom_patterns).some(([pattern]) => lookAround.test(pattern))
    ? "custom patterns run without backtracking, so look-around and back references are refused"
    : undefined;
}

async function detectorFor({
  countries: codes,
  custom_patterns: custom,
}: ScannerConfig): Promise<PiiDetector> {
  const engine = await loadPatternEngine();
  const customPatterns = Object.entries(custom).map(([name, [pattern, replacement]]) =>
    compileCustomPattern({ name, pattern, replacement }, engine),
  );
  return new PiiDetector({ countries: codes, customPatterns });
}

/** Words of the configuration as the types that the library asks for; it checks them itself. */
const modeWord = z.custom<PiiMode>((value) => typeof value === "string");
const actionWord = z.custom<PiiAction>((value) => typeof value === "string");

async function outcomeFor(text: string, config: ScannerConfig): Promise<Record<string, unknown>> {
  const mode = modeWord.parse(config.mode);
  const action = actionWord.parse(config.action);
  const typeOverrides = Object.fromEntries(
    Object.entries(config.type_overrides).map(([type, override]) => [
      type,
      {
        action: actionWord.optional().parse(override.action),
        replacement: override.replacement,
      },
    ]),
  );
  let matches: PiiMatch[] = [];
  try {
    const detector = await detectorFor(config);
    const barrier = new PiiBarrier({ mode, action, typeOverrides, detector });
    matches = await barrier.scan(text);
    return { matches, text: applyMatches(text, matches, { action, typeOverrides }) };
  } catch (error) {
    if (!AstrocyteError.isInstance(error)) throw error;
    return error instanceof PiiRejectedError
      ? { matches, error, pii_types: error.piiTypes }
      : { error };
  }
}

/** The recorded outcome without the offsets in UTF-16, which the generator added. */
function recordedOutcome(expected: unknown): Record<string, unknown> {
  const { matches } = scanExpectation.parse(expected);
  return { ...z.record(z.string(), z.unknown()).parse(expected), matches };
}

function keyOf({ type, start, end }: RecordedMatch): string {
  return `${type}:${start}:${end}`;
}

async function runScan({ input, expected }: ParityCase): Promise<unknown> {
  const { text, config } = scanInput.parse(input);
  const actual = await outcomeFor(text, config);
  const refusal = refusalReason(config);
  if (refusal !== undefined) {
    return new Corrected(actual, { error: { class: "ConfigError" } }, refusal);
  }
  const recorded = recordedOutcome(expected);
  if (config.countries.some((country) => country.toUpperCase() === "GB")) {
    const codes = config.countries.map((code) => (code.toUpperCase() === "GB" ? "UK" : code));
    const due = await outcomeFor(text, { ...config, countries: codes });
    return new Corrected(actual, due, "D-39: GB is UK");
  }
  const { matches: known } = scanExpectation.parse(expected);
  const recordedByKey = new Map(known.map((match) => [keyOf(match), match]));
  const found = scanExpectation.parse({ matches: [], ...actual }).matches;
  const extensions = found.filter(
    (match) => !recordedByKey.has(keyOf(match)) && isExtension(match, known),
  );
  // In the order in which they were found, with whatever was recorded and not found at the end.
  const foundKeys = new Set(found.map(keyOf));
  const due = [
    ...found.flatMap((match) => {
      const recordedMatch = recordedByKey.get(keyOf(match));
      if (recordedMatch !== undefined) return [recordedMatch];
      return extensions.includes(match) ? [match] : [];
    }),
    ...known.filter((match) => !foundKeys.has(keyOf(match)) && !isExtended(match, extensions)),
  ];
  if (extensions.length > 0) {
    const types = [...new Set(extensions.map(({ type }) => type))].join(", ");
    return new Corrected(
      actual,
      dueOutcome(text, due, config),
      `04 section 4.2: found beyond the contract, ${types}`,
    );
  }
  const reason = config.mode === "disabled" ? undefined : outcomeReason(known, config);
  return reason === undefined
    ? new Projection(actual, recorded)
    : new Corrected(actual, dueOutcome(text, known, config), reason);
}

function runLuhn({ input, reference_bug: isBug }: ParityCase): unknown {
  const { number } = z.object({ number: z.string() }).parse(input);
  const result = luhnCheck(number);
  return isBug === true
    ? new Corrected({ result }, { result: false }, "what is no decimal digit is no digit of a card")
    : { result };
}

const mergeInput = z.object({
  a: z.array(z.tuple([z.string(), z.int(), z.int()])),
  b: z.array(z.tuple([z.string(), z.int(), z.int()])),
});

function runMerge({ input }: ParityCase): unknown {
  const { a, b } = mergeInput.parse(input);
  const matches = [...a, ...b].map(([type, start, end]) => ({
    type,
    start,
    end,
    text: "",
    replacement: "",
  }));
  return { kept: mergeMatches(matches).map(({ type, start, end }) => [type, start, end]) };
}

/** What counts as personal data by rules or a model, and what is done about it. */
export const piiScanner: AreaRunner = {
  area: "pii_scanner",
  run: (parityCase) => {
    switch (parityCase.category) {
      case "llm_parse":
      case "llm_mode":
        return runLlmCase(parityCase);
      case "luhn":
        return runLuhn(parityCase);
      case "merge":
        return runMerge(parityCase);
      default:
        return runScan(parityCase);
    }
  },
};
