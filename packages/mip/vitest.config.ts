import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // Pure code shares nothing that a file could spoil for the next one, and importing is most of the time.
    isolate: false,
    // Key pairs take their time on a busy machine; a timeout is not what these tests are about.
    testTimeout: 60_000,
    // Node loads the sources itself, as it does for whoever uses them.
    experimental: { viteModuleRunner: false },
    env: { TZ: "UTC" },
  },
})
