import { metadataSchema } from "astrocyte";
import { authorityContext, withAuthorityTier, type AuthorityOptions } from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";

const configSchema = z.object({
  enabled: z.boolean(),
  rules_inline: z.string().nullish(),
  rules_path: z.string().nullish(),
  tiers: z
    .array(
      z.object({ id: z.string(), label: z.string().default(""), priority: z.int().default(1) }),
    )
    .default([]),
  tier_by_bank: z.record(z.string(), z.string()).default({}),
});
type Config = z.infer<typeof configSchema>;

const applyInput = z.object({
  config: configSchema,
  hits: z.array(z.object({ text: z.string(), metadata: metadataSchema.optional() })),
});
const retainInput = z.object({
  bank_id: z.string(),
  config: configSchema,
  metadata: metadataSchema.nullable(),
  profile_authority_tier: z.string().nullable(),
});
const recordedContext = z.object({ authority_context: z.string().nullable() });

function optionsOf({
  rules_inline: rules,
  tiers,
  tier_by_bank: tierByBank,
}: Config): AuthorityOptions {
  return { rules: rules ?? undefined, tiers, tierByBank };
}

function isBlank(text: string): boolean {
  return text !== "" && text.trim() === "";
}

/** The recorded text in which each heading of blanks is the tier's id instead. */
function headed(text: string, { tiers }: Config): string {
  const blank = tiers.filter(({ label }) => isBlank(label));
  return text
    .split("\n\n")
    .map((block) => {
      // The reference leaves such a heading as an empty line.
      const tier = block.startsWith("\n") ? blank.shift() : undefined;
      return tier === undefined ? block : `[${tier.id}]${block}`;
    })
    .join("\n\n");
}

function apply(input: unknown, expected: unknown): unknown {
  const { config, hits } = applyInput.parse(input);
  if (config.rules_path) return new NotMapped("the host reads a file with rules");
  const context = config.enabled ? authorityContext(hits, optionsOf(config)) : undefined;
  const actual = { authority_context: context };
  const { authority_context: recorded } = recordedContext.parse(expected);
  if (recorded === null || !config.tiers.some(({ label }) => isBlank(label))) return actual;
  return new Corrected(
    actual,
    { authority_context: headed(recorded, config) },
    "05 section 12: a tier with a blank label is headed by its id",
  );
}

function mark(input: unknown): unknown {
  const parsed = retainInput.parse(input);
  const { bank_id: bankId, config, profile_authority_tier: profileTier } = parsed;
  const metadata = parsed.metadata ?? undefined;
  if (!config.enabled) return { metadata };
  const actual = withAuthorityTier(metadata, bankId, profileTier ?? undefined, optionsOf(config));
  const isResolved = [profileTier, config.tier_by_bank[bankId]].some((tier) => tier?.trim());
  if (isResolved || metadata?.["authority_tier"] === undefined) return { metadata: actual };
  const { authority_tier: _claimed, ...rest } = metadata;
  return new Corrected(
    { metadata: actual ?? {} },
    { metadata: rest },
    "05 section 3: a tier that the caller claims is dropped",
  );
}

/** Hits grouped by authority, and the tier that a retain gets. */
export const recallAuthority: AreaRunner = {
  area: "recall_authority",
  run: ({ category, input, expected }) => {
    if (category === "apply") return apply(input, expected);
    return category === "retain" ? mark(input) : new NotMapped(`no counterpart of ${category}`);
  },
};
