import {
  applyTagRules,
  builtinExtractionProfiles,
  chunkSettings,
  mapMetadata,
  mergeMetadata,
  mergeTags,
  normaliseContent,
  prepareInput,
  shouldExtractEntities,
  type ExtractionProfile,
} from "astrocyte/pipeline";
import { metadataSchema } from "astrocyte";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const text = z.string().nullish();
const tags = z.array(z.string()).nullish();
const metadata = metadataSchema.nullish();

const profileSchema = z
  .object({
    content_type: text,
    chunking_strategy: text,
    entity_extraction: z.union([z.boolean(), z.string(), z.number().transform(Boolean)]).nullish(),
    metadata_mapping: z.record(z.string(), z.unknown()).nullish(),
    tag_rules: z.array(z.unknown()).nullish(),
    chunk_size: z.int().nullish(),
    fact_type: text,
  })
  .nullish()
  .transform((given): ExtractionProfile | undefined =>
    given === null || given === undefined
      ? undefined
      : {
          contentType: given.content_type ?? undefined,
          chunkingStrategy: given.chunking_strategy ?? undefined,
          entityExtraction: given.entity_extraction ?? undefined,
          metadataMapping: given.metadata_mapping ?? undefined,
          tagRules: given.tag_rules ?? undefined,
          chunkSize: given.chunk_size ?? undefined,
          factType: given.fact_type ?? undefined,
        },
  );

const chunkingInput = z.object({
  content_type: text,
  default_max_chunk_size: z.int(),
  default_strategy: z.string(),
  mip_chunker: z
    .object({ strategy: text, max_size: z.int().nullish(), overlap: z.int().nullish() })
    .nullish(),
  profile: profileSchema,
});

async function chunking(input: unknown): Promise<unknown> {
  const given = chunkingInput.parse(input);
  const { mip_chunker: chunker, profile, default_max_chunk_size: defaultSize } = given;
  const overlap = chunker?.overlap ?? undefined;
  const actual = await outcomeOf(() => {
    const settings = chunkSettings({
      contentType: given.content_type ?? undefined,
      profile,
      rule: {
        strategy: chunker?.strategy ?? undefined,
        maxSize: chunker?.max_size ?? undefined,
        overlap,
      },
      defaults: { strategy: given.default_strategy, maxSize: defaultSize },
    });
    return { strategy: settings.strategy, max_size: settings.maxSize, overlap: settings.overlap };
  });
  const size = chunker?.max_size ?? profile?.chunkSize ?? defaultSize;
  if (size >= 1 || "error" in actual) return actual;
  const { strategy } = z.object({ strategy: z.string() }).parse(actual.result);
  return new Corrected(
    actual,
    { result: { strategy, max_size: 1, overlap } },
    "D-75: a chunk holds at least one character",
  );
}

/** Whether Python's JSON and ours write a value in the same way. */
function isWrittenAlike(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isWrittenAlike);
  if (typeof value === "string") return !/[^\x20-\x7e]/.test(value);
  return typeof value !== "object" && (typeof value !== "number" || Number.isInteger(value));
}

function spacedJson(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, (_, at: number) => (at > 0 ? " " : ""));
}

/** Lists and objects of a mapping as JSON text, worked out with `JSON` alone. */
function expectedMapping(content: string, mapping: Record<string, unknown>): unknown {
  const root: unknown = JSON.parse(content);
  const entries: [string, unknown][] = [];
  for (const [key, source] of Object.entries(mapping)) {
    if (typeof source !== "string") continue;
    let value: unknown = Array.isArray(root) ? { $: root } : root;
    if (source.startsWith("$")) {
      for (const part of source.replace(/^\$\.*/, "").split(".")) {
        const members = z.record(z.string(), z.unknown()).safeParse(value);
        value = members.success ? members.data[part] : undefined;
      }
    } else value = source;
    if (value === undefined || value === null) continue;
    entries.push([key, typeof value === "object" ? spacedJson(value) : value]);
  }
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const mappingInput = z.object({
  content: z
    .string()
    .nullish()
    .transform((given) => given ?? ""),
  metadata_mapping: z.record(z.string(), z.unknown()).nullish(),
});

function mapContent(input: unknown): unknown {
  const { content, metadata_mapping: given } = mappingInput.parse(input);
  const actual = { metadata: mapMetadata(content, given ?? undefined) ?? null };
  const found = Object.values(actual.metadata ?? {}).filter((value) => typeof value === "string");
  const isNested = found.some((value) => /^[[{]/.test(value) && !isWrittenAlike(safeParse(value)));
  if (!isNested) return actual;
  const expected = { metadata: expectedMapping(content, given ?? {}) };
  return new Corrected(
    withoutSpaces(actual),
    withoutSpaces(expected),
    "05 section 1: an object becomes JSON text",
  );
}

function safeParse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** JSON text inside metadata as values, since only its meaning is compared. */
function withoutSpaces({ metadata: given }: { metadata: unknown }): unknown {
  const members = z.record(z.string(), z.unknown()).nullable().parse(given);
  return Object.fromEntries(
    Object.entries(members ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? safeParse(value) : value,
    ]),
  );
}

const tagInput = z.object({ content: z.string(), tag_rules: z.array(z.unknown()).nullish() });
const loneTag = z.looseObject({ tags: z.string() });

function tagRules(input: unknown): unknown {
  const { content, tag_rules: rules } = tagInput.parse(input);
  const actual = applyTagRules(content, rules ?? undefined) ?? null;
  if (rules?.some((rule) => loneTag.safeParse(rule).success) !== true) return { result: actual };
  const listed = rules.map((rule) => {
    const lone = loneTag.safeParse(rule);
    return lone.success ? { ...lone.data, tags: [lone.data.tags] } : rule;
  });
  return new Corrected(
    { result: actual },
    { result: applyTagRules(content, listed) ?? null },
    "05 section 1: a tag without a list is one tag, not one a character",
  );
}

/** What retain makes of a content before it is stored. */
export const extraction: AreaRunner = {
  area: "extraction",
  run: ({ fn = "this function", input }) => {
    switch (fn) {
      case "normalize_content": {
        const given = z.object({ content: text, content_type: text }).parse(input);
        return { text: normaliseContent(given.content ?? "", given.content_type ?? "text") };
      }
      case "resolve_retain_chunking":
        return chunking(input);
      case "apply_metadata_mapping":
        return mapContent(input);
      case "apply_tag_rules":
        return tagRules(input);
      case "should_extract_entities": {
        const given = z.object({ graph_store: z.boolean(), profile: profileSchema }).parse(input);
        return { extract: shouldExtractEntities(given.profile, given.graph_store) };
      }
      case "merge_tags": {
        const { base, extra } = z.object({ base: tags, extra: tags }).parse(input);
        return { tags: mergeTags(base ?? undefined, extra ?? undefined) };
      }
      case "merge_metadata": {
        const { mapped, request } = z.object({ mapped: metadata, request: metadata }).parse(input);
        return { metadata: mergeMetadata(mapped ?? undefined, request ?? undefined) };
      }
      case "prepare_retain_input": {
        const {
          request,
          profile,
          graph_store: hasGraphStore,
        } = z
          .object({
            graph_store: z.boolean(),
            profile: profileSchema,
            request: z.object({ content: z.string(), content_type: text, tags, metadata }),
          })
          .parse(input);
        const prepared = prepareInput(
          {
            content: request.content,
            contentType: request.content_type ?? undefined,
            tags: request.tags ?? undefined,
            metadata: request.metadata ?? undefined,
          },
          profile,
          hasGraphStore,
        );
        return {
          effective_content_type: prepared.contentType,
          extract_entities: prepared.extractEntities,
          fact_type: prepared.factType,
          metadata: prepared.metadata,
          tags: prepared.tags,
          text: prepared.text,
        };
      }
      case "merged_user_and_builtin_profiles":
        return new Corrected(
          Object.keys(builtinExtractionProfiles).toSorted(),
          ["builtin_conversation", "builtin_text"],
          "03 section 5: no profile for one benchmark is built in",
        );
      default:
        return new NotMapped(`no counterpart of ${fn}`);
    }
  },
};
