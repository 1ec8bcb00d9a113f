import { isRecord } from "../../dto/is-record.js";
import { ProviderUnavailableError } from "../../errors.js";
import type { CallOptions } from "../../spi/call-options.js";
import { codePointOffsetsOf, utf16Starts } from "./code-point-offsets.js";
import { llmPiiTypes, llmReplacement, snakeCaseType } from "./llm-labels.js";
import type { PiiMatch } from "./pii-match.js";

/** A named entity. Offsets are indices into the JavaScript string (UTF-16 units), `end` exclusive. */
export interface RecognizedEntity {
  /** PERSON, GPE, LOC, FAC, or a PII type such as `medical_record`; any other label is no personal data. */
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Finds named entities, such as names and places, which no rule can. */
export type EntityRecognizer = (
  text: string,
  options: CallOptions,
) => readonly RecognizedEntity[] | Promise<readonly RecognizedEntity[]>;

const recognizerName = "entity recognizer";

const types: Readonly<Record<string, string>> = {
  person: "name",
  per: "name",
  gpe: "address",
  loc: "address",
  fac: "address",
};

function typeOf(label: unknown): string | undefined {
  const type = snakeCaseType(label);
  if (Object.hasOwn(types, type)) return types[type];
  return llmPiiTypes.includes(type) ? type : undefined;
}

function isSpan(text: string, { start, end }: RecognizedEntity): boolean {
  return (
    Number.isInteger(start) &&
    Number.isInteger(end) &&
    start >= 0 &&
    end > start &&
    end <= text.length
  );
}

/** The entities that are personal data, with offsets in code points; half of a pair counts as its whole. */
function toMatches(entities: readonly RecognizedEntity[], text: string): PiiMatch[] {
  const matches: PiiMatch[] = [];
  const starts = utf16Starts(text);
  const offsetOf = codePointOffsetsOf(text);
  for (const entity of entities.toSorted((left, right) => left.start - right.start)) {
    const type = typeOf(entity.label);
    if (type === undefined) continue;
    if (!isSpan(text, entity)) {
      throw new ProviderUnavailableError(recognizerName, "it gave offsets outside the text");
    }
    const start = offsetOf(entity.start);
    const end = offsetOf(entity.end - 1) + 1;
    const found = text.slice(starts?.[start] ?? start, starts?.[end] ?? end);
    matches.push({ type, start, end, text: found, replacement: llmReplacement(type) });
  }
  return matches;
}

/** @throws ProviderUnavailableError when the recogniser fails or its answer cannot be used. */
export async function recogniseEntities(
  recognizer: EntityRecognizer,
  text: string,
  options: CallOptions,
): Promise<PiiMatch[]> {
  options.signal?.throwIfAborted();
  let entities: readonly RecognizedEntity[];
  try {
    entities = await recognizer(text, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new ProviderUnavailableError(recognizerName, "it failed", { cause: error });
  }
  if (!Array.isArray(entities) || entities.some((entity) => !isRecord(entity))) {
    throw new ProviderUnavailableError(recognizerName, "it gave no list of entities");
  }
  return toMatches(entities, text);
}
