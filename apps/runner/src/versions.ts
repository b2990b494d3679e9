import runner from "../package.json" with { type: "json" }

/** What ran: the twin and its Node. */
export const versions = (): Record<string, string> => ({
  twin: runner.version,
  node: process.version.slice(1),
})
