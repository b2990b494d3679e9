export * from "./asks.ts"
export * from "./baseline.ts"
export * from "./lab.ts"
