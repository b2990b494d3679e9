import { defineConfig, type Plugin } from "vite"

/** Ink asks for React's developer tools only when DEV is set. They are not installed, and must not be missed. */
const withoutDeveloperTools: Plugin = {
  name: "without-developer-tools",
  enforce: "pre",
  resolveId: (id) => (id === "react-devtools-core" ? `\0${id}` : undefined),
  load: (id) => (id === "\0react-devtools-core" ? "export default undefined" : undefined),
}

/**
 * Everything but Node's own modules in one file: nothing to resolve, and it can be carried anywhere.
 * What stands behind a dynamic import is wrapped, so that `twin --help` reads it but does not run it.
 */
export default defineConfig({
  plugins: [withoutDeveloperTools],
  // React chooses its production build by this.
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  ssr: { noExternal: true },
  build: {
    ssr: "src/main.tsx",
    target: "node26",
    outDir: "dist",
    reportCompressedSize: false,
    rolldownOptions: {
      external: [/^node:/],
      // Our modules do nothing when they are loaded: what nobody uses of a package is not loaded.
      treeshake: {
        moduleSideEffects: [{ test: /\/(?:packages|apps)\/[^/]+\/src\//, sideEffects: false }],
      },
      output: {
        entryFileNames: "twin.js",
        codeSplitting: false,
        strictExecutionOrder: true,
      },
    },
  },
})
