import {
  dispositionsSchema,
  formatMemories,
  fromWire,
  memoryHitSchema,
  type Dispositions,
  type MemoryHit,
} from "astrocyte";
import { resolvePromptVariant, traitSentences } from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";

const recordedSuffix = z.object({ reflect_suffix: z.string() });
const recordedText = z.object({ text: z.string() });
const variantInput = z.object({ variant: z.string().nullable() });
const memoriesInput = z.object({
  hits: z.array(z.looseObject({ text: z.string() })),
  promote_metadata: z.array(z.string()).nullish(),
});

/** How the reference words each leaning; ours is worded on its own. */
const recordedSentences: Readonly<Record<string, string>> = {
  "skepticism low": "Trust the memories at face value unless clearly contradictory.",
  "skepticism high": "Be skeptical of uncertain claims and note where evidence is weak.",
  "literalism low": "Interpret memories flexibly, considering context and intent.",
  "literalism high": "Interpret memories literally and precisely.",
  "empathy low": "Focus on factual content without emotional framing.",
  "empathy high": "Acknowledge the human experience behind the memories.",
};

const neutral: Dispositions = { skepticism: 3, literalism: 3, empathy: 3 };
const ownSentences = (["skepticism", "literalism", "empathy"] as const).flatMap((trait) =>
  ([1, 5] as const).map((value): [string, string] => [
    `${trait} ${value === 1 ? "low" : "high"}`,
    traitSentences({ ...neutral, [trait]: value }).join(" "),
  ]),
);

/** The leanings that a text names, in its order; what is left of it besides them. */
function leaningsIn(text: string, sentences: readonly [string, string][]) {
  const found = sentences
    .map(([leaning, sentence]) => ({ leaning, sentence, at: text.indexOf(sentence) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  const rest = found.reduce((left, { sentence }) => left.replace(sentence, ""), text).trim();
  return { leanings: found.map(({ leaning }) => leaning), rest };
}

function compareSuffix(input: unknown, expected: unknown): Projection {
  const sentences = traitSentences(dispositionsSchema.parse(input));
  const { reflect_suffix: suffix } = recordedSuffix.parse(expected);
  return new Projection(
    leaningsIn(sentences.join(" "), ownSentences),
    leaningsIn(suffix, Object.entries(recordedSentences)),
  );
}

async function validate(input: Readonly<Record<string, unknown>>): Promise<unknown> {
  const traits = z
    .record(z.string(), z.unknown())
    .parse(input["dispositions"] ?? input["disposition"]);
  const outcome = await outcomeOf(() => fromWire(dispositionsSchema, traits));
  if (Object.values(traits).every((value) => Number.isInteger(value))) return outcome;
  return new Corrected(
    outcome,
    { error: { class: "ValueError" } },
    "01: a disposition is a whole number from 1 to 5",
  );
}

/** The recorded line without promoted values that are null, which say nothing. */
function withoutNulls(text: string, names: readonly string[], hits: readonly MemoryHit[]): string {
  const nulls = names.filter((name) => hits.some(({ metadata }) => metadata?.[name] === null));
  return nulls.reduce((left, name) => left.replaceAll(`, ${name}=None`, ""), text);
}

function compareMemories(input: unknown, expected: unknown): unknown {
  const { hits: recorded, promote_metadata: promoted } = memoriesInput.parse(input);
  const names = (promoted ?? []).slice(0, 5);
  const hits = recorded.map((hit) => fromWire(memoryHitSchema, hit));
  const section = formatMemories(hits, { promoteMetadata: promoted ?? [] });
  const text = section.replace("<memories>\n", "").replace("\n</memories>", "");
  const { text: reference } = recordedText.parse(expected);
  const corrected = withoutNulls(reference, names, hits);
  if (corrected === reference) return { text };
  return new Corrected(
    { text },
    { text: corrected },
    "05 section 7: a promoted key without a value is left out",
  );
}

/** What dispositions tell the model, the prompt variants by name, and the lines of memories. */
export const disposition: AreaRunner = {
  area: "disposition",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "reflect":
        return compareSuffix(input, expected);
      case "validate":
      case "validate_bank":
        return validate(input);
      case "variant": {
        const { variant } = variantInput.parse(input);
        return { resolves_to: resolvePromptVariant(variant ?? undefined) };
      }
      case "format_memories":
        return compareMemories(input, expected);
      default:
        return new NotMapped("profiles of banks in prompts are not part of the contract");
    }
  },
};
