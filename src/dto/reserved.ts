/** Fact types with a meaning of their own; the set is open. */
export const factTypes = [
  "world",
  "experience",
  "observation",
  "wiki",
  "model",
  "mental_model",
] as const;

/** Memory layers with a meaning of their own; a retained memory has none. */
export const memoryLayers = [
  "fact",
  "observation",
  "model",
  "compiled",
  "raw",
  "mental_model",
] as const;

/** Metadata keys that begin with this are written by the framework only. */
export const reservedMetadataPrefix = "_";

/** The metadata key with the instant of the retain, unless the caller of an admin import set it. */
export const createdAtKey = "_created_at";

/** The metadata key that keeps a retain's `source`. */
export const sourceKey = "_source";

/** The metadata key with a memory's place among those of one call, which all have the same times. */
export const positionKey = "_position";

/** The metadata key that says why a memory reads like an instruction: comma-joined reasons. */
export const suspectKey = "_suspect";

/** The metadata key with the data of a record, which its writer reads back exactly; its text is what recall finds. */
export const recordKey = "_record";

/** The metadata key of a record that recall must not find. */
export const hiddenKey = "_hidden";

/** The bank that holds what was derived from `bankId`. */
export function observationBankId(bankId: string): string {
  return `${bankId}::obs`;
}
