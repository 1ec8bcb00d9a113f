import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { areaFileSchema, type AreaFile } from "./parity-case.js";

const floats = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

/** JSON has no NaN and no infinities; the files write them as `{"$float": "nan"}`. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value === "object" && value !== null && "$float" in value) {
    return floats.get(String(value.$float)) ?? value;
  }
  return value;
}

/** Every area file of a folder, by name. */
export async function readAreas(folder: string): Promise<AreaFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      const parsed = areaFileSchema.safeParse(JSON.parse(text, revive));
      if (parsed.success) return parsed.data;
      throw new Error(`${name} is no area file: ${parsed.error.message}`);
    }),
  );
}
