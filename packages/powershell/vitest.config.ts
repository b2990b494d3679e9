import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Pure code shares nothing that a file could spoil for the next one, and importing is most of the time.
    isolate: false,
    // Node loads the sources itself, as it does for whoever uses them.
    experimental: { viteModuleRunner: false },
    env: { TZ: "UTC" },
    // A busy machine takes its time over a hundred thousand tokens.
    testTimeout: 30_000,
    setupFiles: ["test/setup.ts"],
  },
})
