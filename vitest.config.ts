import { defineConfig } from "vitest/config";

const conditions = ["@astrocyte/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    // A limit against what hangs; how long a thing takes is for the benches, and a busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", "./test/support/count-reporter.ts"],
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
    coverage: { provider: "v8", include: ["{src,adapters,graphs,conformance}/**/*.ts"] },
  },
});
