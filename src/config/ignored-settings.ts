import * as z from "zod";
import type { Logger } from "../logger.js";
import { worksPerBank } from "./bank-document.js";
import { isPlainMap, type ConfigDocument } from "./document.js";
import { dropStrays } from "./drop-strays.js";
import { entrySchema, unwrapSchema } from "./fit-document.js";
import type { LoadedProfile } from "./load-profile.js";
import { isImplemented } from "./not-implemented.js";
import { unenforced } from "./protections.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";
import { unreadKeys } from "./unread-keys.js";

/** Maps by id whose entries have keys with and without effect. */
const mapsById = ["agents", "banks"];

function isSaid(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/**
 * Dotted paths of settings that are written, default or not, and on which this version does not act.
 *
 * @param pattern - The path with `*` for ids, which may have dots themselves.
 */
function inertBelow(wrapped: z.ZodType, value: unknown, path: string, pattern: string): string[] {
  if (!isSaid(value)) return [];
  const schema = unwrapSchema(wrapped);
  const isById = schema instanceof z.ZodRecord && mapsById.includes(pattern);
  if (!isPlainMap(value) || (!isById && !(schema instanceof z.ZodObject))) {
    const inBank = pattern.startsWith("banks.*.") ? pattern.slice("banks.*.".length) : undefined;
    if (inBank !== undefined && !worksPerBank(inBank)) return [`${path} (works globally only)`];
    return isImplemented(inBank ?? pattern) ? [] : [`${path} (accepted but not implemented)`];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const itemSchema = entrySchema(schema, key);
    if (itemSchema === undefined) return [];
    const step = isById ? "*" : key;
    return pattern === ""
      ? inertBelow(itemSchema, item, key, step)
      : inertBelow(itemSchema, item, `${path}.${key}`, `${pattern}.${step}`);
  });
}

function ofProfile({ kind, quotedName, written }: LoadedProfile): string[] {
  const title = `${kind.replace("_", " ")} ${quotedName}`;
  return [...unreadKeys(written), ...inertBelow(configSchema, written, "", "")].map(
    (text) => `${title}: ${text}`,
  );
}

const deletionByAge =
  "lifecycle.enabled (acts where runLifecycle is called; nothing calls it by itself)";

/**
 * What a configuration says and this version does not do, each with its dotted path and the reason: settings that nothing reads,
 * with what they may have meant; settings without effect; entries that are no maps.
 *
 * @param written - The document as it is written.
 */
export function ignoredSettings(
  written: ConfigDocument,
  config: AstrocyteConfig,
  profiles: readonly LoadedProfile[] = [],
): string[] {
  const { document, dropped } = dropStrays(written);
  const refused = unenforced(config);
  return [
    ...unreadKeys(written),
    ...(config.lifecycle.enabled ? [deletionByAge] : []),
    ...refused.map((path) => `${path} (not enforced, so no brain is built with it)`),
    ...inertBelow(configSchema, document, "", "").filter(
      (text) => !["lifecycle.enabled", "mip", "mip_config_path"].includes(text.split(" ")[0] ?? ""),
    ),
    ...profiles.flatMap(ofProfile),
    ...dropped.map((path) => `${path} (no map of settings)`),
  ];
}

/** Tells a logger of {@link ignoredSettings}, in one line. */
export function reportIgnored(
  written: ConfigDocument,
  config: AstrocyteConfig,
  logger: Logger,
): void {
  logIgnored(ignoredSettings(written, config), logger);
}

export function logIgnored(ignored: readonly string[], logger: Logger): void {
  if (ignored.length === 0) return;
  logger.warn("astrocyte.config.ignored_settings", { keys: ignored.join(", ") });
}
