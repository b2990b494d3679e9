import { defineConfig, type Plugin } from "vite"

/** Ink asks for React's developer tools only when DEV is set. They are not installed, and must not be missed. */
const withoutDeveloperTools: Plugin = {
  name: "without-developer-tools",
  enforce: "pre",
  resolveId: (id) => (id === "react-devtools-core" ? `\0${id}` : undefined),
  load: (id) => (id === "\0react-devtools-core" ? "export default undefined" : undefined),
}

/** One file with everything in it but Node's own modules: nothing to resolve, so that `twin` starts at once. */
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
      output: { entryFileNames: "twin.js", codeSplitting: false },
    },
  },
})
