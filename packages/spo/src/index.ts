export * from "./State.ts"
export * from "./evolve.ts"
