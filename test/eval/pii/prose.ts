import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { EvalInputError } from "../eval-input-error.js";

const repository = join(import.meta.dirname, "../../..");
const ownProse = ["README.md", "CHANGELOG.md", "docs", "src", "adapters", "graphs"];
const extensions = new Set([".md", ".ts", ".txt"]);

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => extensions.has(extname(name)))
    .map((name) => join(path, name));
}

/** The text of a file or a folder; by default the documents and sources of this repository, which hold no personal data. */
export function readProse(path?: string): string {
  try {
    const paths = path === undefined ? ownProse.map((name) => join(repository, name)) : [path];
    return paths
      .flatMap(filesIn)
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
  } catch (error) {
    throw new EvalInputError(`--prose: ${String(error)}`);
  }
}
