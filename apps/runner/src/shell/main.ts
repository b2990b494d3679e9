import { Effect } from "effect"
export const runShell = (_: { scenario: string | undefined; journal: string | undefined; seed: string }) => Effect.void
