import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    // nx switches colour on for its children, and frames must not depend on where they are drawn.
    env: { FORCE_COLOR: "0", TZ: "UTC" },
    // Real programs in real pseudo-terminals take their time on a busy machine.
    testTimeout: 60_000,
  },
})
