import { defineConfig } from "vitest/config";

const conditions = ["@astrocyte/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
    coverage: { provider: "v8", include: ["{src,adapters,graphs,conformance}/**/*.ts"] },
  },
});
