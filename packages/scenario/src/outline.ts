// What a list of scenarios needs, and nothing that can play one: loading this loads no tenant.
export { decodeOutline } from "./decodeScenario.ts"
export { limits } from "./readYaml.ts"
export type { Scenario } from "./Scenario.ts"
