import { metadataSchema } from "astrocyte";
import { sanitizeMetadata } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";

const inputSchema = z.object({
  config: z.object({
    blocked_keys: z.array(z.string()).nullish(),
    max_size_bytes: z.number().optional(),
    max_metadata_size_bytes: z.number().optional(),
  }),
  key_order: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).nullable(),
});

const defaultBlockedKeys = ["api_key", "password", "token", "secret"];

/** The rule as a regular expression, over a blocked list in lower case. */
function isBlocked(key: string, blockedKeys: readonly string[]): boolean {
  return blockedKeys.some((name) => {
    const literal = name.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(?:^|[_.-])${literal}(?:$|[_.-])`, "u").test(key.toLowerCase());
  });
}

/** Blocked keys and size of metadata. */
export const metadataSanitizer: AreaRunner = {
  area: "metadata_sanitizer",
  run: ({ input }) => {
    const { config, key_order: order, metadata } = inputSchema.parse(input);
    const ordered = Object.fromEntries(order.map((key) => [key, metadata?.[key] ?? null]));
    const parsed = metadataSchema.safeParse(ordered);
    if (!parsed.success) return new NotMapped("metadata is flat here");
    const { blocked_keys: blockedKeys } = config;
    const maxSizeBytes = config.max_metadata_size_bytes ?? config.max_size_bytes;
    const { metadata: kept, warnings } = sanitizeMetadata(parsed.data, {
      blockedKeys: blockedKeys ?? undefined,
      maxSizeBytes,
    });
    const actual = { key_order: Object.keys(kept ?? {}), metadata: kept, warnings };
    const differs =
      blockedKeys?.length === 0 || blockedKeys?.some((name) => name !== name.toLowerCase());
    if (differs !== true || maxSizeBytes !== undefined) return actual;
    const names = blockedKeys ?? defaultBlockedKeys;
    const keys = order.filter((key) => !isBlocked(key, names));
    const blocked = order.filter((key) => isBlocked(key, names));
    return new Corrected(
      actual,
      {
        key_order: keys,
        metadata:
          keys.length === 0
            ? null
            : Object.fromEntries(keys.map((key) => [key, ordered[key] ?? null])),
        warnings: blocked.map((key) => `Blocked metadata key: '${key}'`),
      },
      "04 section 5: the list of blocked keys is taken as it stands, in any case",
    );
  },
};
