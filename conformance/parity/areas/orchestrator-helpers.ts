import { metadataSchema, observationBankId } from "astrocyte";
import {
  abstentionFloor,
  abstentionSkepticism,
  capitalisedNames,
  coOccurrenceLinks,
  metadataEntities,
  observationScope,
  sourceMemoryIds,
} from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";

const floorInput = z.object({ base_floor: z.number(), skepticism: z.number() });
const skepticismInput = z.object({
  abstention_enabled: z.boolean(),
  dispositions: z.object({ skepticism: z.int().default(3) }).nullable(),
});
const pairsInput = z.object({ entity_ids: z.array(z.string()), max_entities: z.int() });
const metadataInput = z.object({ metadata: z.record(z.string(), z.unknown()).nullable() });
const scopeInput = z.object({ bank_id: z.string(), tags: z.array(z.string()).nullable() });
const textInput = z.object({ text: z.string() });
const recordedEntities = z.object({
  entities: z.array(z.tuple([z.string(), z.string(), z.string()])),
});

/** What is not a letter, mark or digit of any script. */
const betweenWords = /[^\p{L}\p{M}\p{N}]+/gu;

function entities(input: unknown, expected: unknown): unknown {
  const { metadata } = metadataInput.parse(input);
  const parsed = metadataSchema.optional().safeParse(metadata ?? undefined);
  if (!parsed.success) return new NotMapped("01: metadata values are scalars, never lists");
  const actual = metadataEntities(parsed.data).map(({ id, name, entityType }) => [
    id,
    name,
    entityType,
  ]);
  const recorded = recordedEntities.parse(expected).entities;
  const ids = recorded.map(([, name, type]) => [
    `person:${name.toLowerCase().replace(betweenWords, "-").replace(/^-|-$/g, "")}`,
    name,
    type,
  ]);
  return ids.every(([id], index) => id === recorded[index]?.[0])
    ? { entities: actual }
    : new Corrected(
        { entities: actual },
        { entities: ids },
        "05 section 3: a person has one id, whether metadata or a fact names them",
      );
}

/** Small pure helpers of retain, recall and reflect. */
export const orchestratorHelpers: AreaRunner = {
  area: "orchestrator_helpers",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "abstention_floor": {
        const { base_floor: base, skepticism } = floorInput.parse(input);
        return { floor: abstentionFloor(skepticism, base) };
      }
      case "skepticism": {
        const { abstention_enabled: isEnabled, dispositions } = skepticismInput.parse(input);
        return { skepticism: abstentionSkepticism(dispositions ?? undefined, isEnabled) };
      }
      case "cooccurrence": {
        const { entity_ids: ids, max_entities: most } = pairsInput.parse(input);
        const links = coOccurrenceLinks(ids, most);
        return { pairs: links.map(({ entityA, entityB }) => [entityA, entityB]) };
      }
      case "source_ids":
        return { ids: sourceMemoryIds(metadataInput.parse(input).metadata ?? undefined) };
      case "names":
        return { names: capitalisedNames(textInput.parse(input).text) };
      case "metadata_entities":
        return entities(input, expected);
      case "observation_scope": {
        const { bank_id: bankId, tags } = scopeInput.parse(input);
        return {
          obs_bank: observationBankId(bankId),
          scope: observationScope(bankId, tags ?? undefined),
        };
      }
      case "pseudo_embedding":
        return new NotMapped("D-13: nothing stands in for the embeddings that a model lacks");
      default:
        return new NotMapped(`no counterpart of ${category}`);
    }
  },
};
