import { isRecord } from "../dto/is-record.js";
import { InvalidArgumentError } from "../errors.js";

/** The first line of an AMA file (Astrocyte Memory Archive, version 1). */
export interface AmaHeader {
  readonly bankId: string;
  /** ISO 8601. */
  readonly exportedAt: string;
  /** The name of the store or engine that the memories came from. */
  readonly provider: string;
  readonly memoryCount: number;
}

const version = 1;

export function writeHeader({ bankId, exportedAt, provider, memoryCount }: AmaHeader): unknown {
  return {
    _ama_version: version,
    bank_id: bankId,
    exported_at: exportedAt,
    provider,
    memory_count: memoryCount,
  };
}

function requireText(header: Readonly<Record<string, unknown>>, field: string): string {
  const value = header[field];
  if (typeof value === "string") return value;
  throw new InvalidArgumentError(`AMA header field '${field}' must be a string`);
}

/** @throws InvalidArgumentError when the line is no header of a version that can be read. */
export function readHeader(line: string | undefined): AmaHeader {
  if (line === undefined || line.trim() === "") {
    throw new InvalidArgumentError("AMA file is empty: its first line must be the header");
  }
  let header: unknown;
  try {
    header = JSON.parse(line);
  } catch {
    header = undefined;
  }
  if (!isRecord(header) || header["_ama_version"] === undefined) {
    throw new InvalidArgumentError("Not a valid AMA file (missing _ama_version)");
  }
  if (header["_ama_version"] !== version) {
    const found = JSON.stringify(header["_ama_version"])?.slice(0, 40);
    throw new InvalidArgumentError(`Unsupported AMA version ${found} (expected ${version})`);
  }
  const memoryCount = header["memory_count"];
  const bankId = requireText(header, "bank_id");
  const exportedAt = requireText(header, "exported_at");
  const provider = requireText(header, "provider");
  if (typeof memoryCount !== "number" || !Number.isSafeInteger(memoryCount) || memoryCount < 0) {
    throw new InvalidArgumentError("AMA header field 'memory_count' must be a whole number");
  }
  return { bankId, exportedAt, provider, memoryCount };
}
