import { createRequire } from "node:module";
import * as z from "zod";

const packageSchema = z.object({
  version: z.string(),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** This package's version, and the versions of optional packages that it works with. */
export function packageInfo(): z.infer<typeof packageSchema> {
  const require = createRequire(import.meta.url);
  return packageSchema.parse(require("astrocyte/package.json"));
}
