import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    benchmark: { include: ["*.bench.ts"] },
    env: { FORCE_COLOR: "0", TZ: "UTC" },
  },
})
