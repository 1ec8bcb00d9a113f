import { InvalidArgumentError } from "../errors.js";
import type { ExportBankOptions, ImportBankOptions } from "../options.js";
import { conflictRules, type ConflictRule } from "./import-result.js";

type Raw = Omit<ExportBankOptions & ImportBankOptions, "bankId" | "context" | "signal">;

export interface TransferOptions {
  readonly includeEmbeddings: boolean;
  readonly useEmbeddings: boolean;
  readonly onConflict: ConflictRule;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

function refuse(operation: string, option: string, expected: string): never {
  throw new InvalidArgumentError(`${operation}: ${option}: expected ${expected}`);
}

/** @throws InvalidArgumentError that names the option. */
export function transferOptions(operation: string, raw: Raw): TransferOptions {
  const { includeEmbeddings = false, useEmbeddings = false, onProgress } = raw;
  const { onConflict = "skip" } = raw;
  if (typeof includeEmbeddings !== "boolean") refuse(operation, "includeEmbeddings", "a boolean");
  if (typeof useEmbeddings !== "boolean") refuse(operation, "useEmbeddings", "a boolean");
  if (onProgress !== undefined && typeof onProgress !== "function") {
    refuse(operation, "onProgress", "a function");
  }
  if (!conflictRules.includes(onConflict)) {
    refuse(operation, "onConflict", `one of ${conflictRules.join(", ")}`);
  }
  return { includeEmbeddings, useEmbeddings, onConflict, onProgress };
}
