import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // Pure code shares nothing that a file could spoil for the next one, and importing is most of the time.
    isolate: false,
    env: { TZ: "UTC" },
  },
})
