import type { OperationInfo } from "@twin/kernel"
import { Result, Schema } from "effect"
import { checkMeaning } from "./checkMeaning.ts"
import { Expectation } from "./Expectation.ts"
import { issueAt, limits, readYaml, type YamlSource } from "./readYaml.ts"
import { Scenario, Section, type Step, type StepKind, stepKindOf, stepSchemas } from "./Scenario.ts"
import { ScenarioInvalid, type ScenarioIssue } from "./ScenarioInvalid.ts"
import { schemaProblems } from "./schemaProblems.ts"

/** What a scenario may name: derived from the tenant and the catalogue, never listed here. */
export interface Vocabulary {
  /** By name in lower case. */
  readonly operations: ReadonlyMap<string, OperationInfo>
  /** Actions that the access oracle answers about. */
  readonly questions: ReadonlySet<string>
  readonly faults: ReadonlySet<string>
  /** Whether the catalogue knows a claim; everything that looks like an id if absent. */
  readonly isClaim?: (id: string) => boolean
}

/** A scenario that can be played, and where its steps stand in the file. */
export interface LoadedScenario {
  readonly file: string
  readonly scenario: Scenario
  /** Line of each step, by section and step number. */
  readonly lineOf: (section: number, step: number) => number
}

export type Path = readonly PropertyKey[]
/** Notes a problem at a path of the document. */
export type Report = (path: Path, message: string) => void

/** Bytes to scenario: every problem at its place, or a value that needs no further checking. */
export const decodeScenario = (
  file: string,
  bytes: Uint8Array,
  vocabulary: Vocabulary,
): Result.Result<LoadedScenario, ScenarioInvalid> =>
  Result.flatMap(readYaml(file, bytes), (source) => {
    const issues: ScenarioIssue[] = []
    const report: Report = (path, message) => {
      issues.push(issueAt(source, path, message))
    }
    const scenario = shapeOf(source, report)
    if (scenario !== undefined) checkMeaning(scenario, vocabulary, report)
    if (scenario === undefined || issues.length > 0) {
      const sorted = issues.toSorted((a, b) => a.line - b.line || a.column - b.column)
      return Result.fail(new ScenarioInvalid({ file, issues: sorted.slice(0, limits.issues) }))
    }
    return Result.succeed({
      file,
      scenario,
      lineOf: (section, step) => source.at(["agenda", section, "steps", step]).line,
    })
  })

/** The shape alone, for a list: whether a scenario can be played is for `decodeScenario` to say. */
export const decodeOutline = (
  file: string,
  bytes: Uint8Array,
): Result.Result<Scenario, ScenarioInvalid> =>
  Result.flatMap(readYaml(file, bytes), (source) => {
    const issues: ScenarioIssue[] = []
    const scenario = shapeOf(source, (path, message) => {
      issues.push(issueAt(source, path, message))
    })
    return scenario === undefined || issues.length > 0
      ? Result.fail(new ScenarioInvalid({ file, issues }))
      : Result.succeed(scenario)
  })

const strict = { errors: "all", onExcessProperty: "error" } as const

/** The value in its schema's type, or its problems reported below the path. */
export const decodeAt = <A>(
  schema: Schema.ConstraintDecoder<A>,
  value: unknown,
  path: Path,
  report: Report,
): A | undefined => {
  const decoded = Schema.decodeUnknownResult(schema)(value, strict)
  if (Result.isSuccess(decoded)) return decoded.success
  for (const problem of schemaProblems(decoded.failure.issue)) {
    report([...path, ...problem.path], problem.message)
  }
  return undefined
}

// The steps are decoded one by one by their own schema: a union of all kinds would answer a
// mistyped word with every kind that it is not.
const Outline = Schema.Struct({ ...Scenario.fields, agenda: Schema.NonEmptyArray(Schema.Unknown) })
const SectionOutline = Schema.Struct({ ...Section.fields, steps: Schema.Array(Schema.Unknown) })

const shapeOf = ({ value }: YamlSource, report: Report): Scenario | undefined => {
  const outline = decodeAt(Outline, value, [], report)
  const agendaGiven = outline?.agenda ?? listIn(value, "agenda")
  const sections = agendaGiven.map((it, index) =>
    decodeAt(SectionOutline, it, ["agenda", index], report),
  )
  const agenda = sections.map((section, index) => {
    const given = section?.steps ?? listIn(agendaGiven[index], "steps")
    const steps = given.map((step, at) => decodeStep(step, ["agenda", index, "steps", at], report))
    return section === undefined || !areWhole(steps) ? undefined : { ...section, steps }
  })
  return outline === undefined || !areWhole(agenda) ? undefined : { ...outline, agenda }
}

/** The list in a file whose surroundings are wrong, so that problems further down show in the same run. */
const listIn = (value: unknown, member: string): readonly unknown[] => {
  const list: unknown =
    typeof value === "object" && value !== null && Object.hasOwn(value, member)
      ? (value as Readonly<Record<string, unknown>>)[member]
      : undefined
  return Array.isArray(list) ? list : []
}

const areWhole = <A>(items: readonly (A | undefined)[]): items is readonly A[] =>
  items.every((item) => item !== undefined)

const kinds = Object.keys(stepSchemas).join(", ")

const decodeStep = (value: unknown, path: Path, report: Report): Step | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(path, `Expected a step: a mapping with one of ${kinds}`)
    return undefined
  }
  const kind = stepKindOf(value)
  if (kind === undefined) {
    report(path, `Expected exactly one of ${kinds}`)
    return undefined
  }
  if (!Object.hasOwn(value, "expect")) return decodeAt(stepSchemaOf(kind), value, path, report)
  const { expect, ...rest } = value as { readonly expect: unknown }
  const given = Array.isArray(expect) ? expect : [expect]
  const at = (index: number): Path =>
    Array.isArray(expect) ? [...path, "expect", index] : [...path, "expect"]
  const expectations = given.map((it, index) => decodeAt(Expectation, it, at(index), report))
  if (given.length === 0) report([...path, "expect"], "Expected at least one expectation")
  const [first] = expectations
  // The rest is decoded in any case, so that its problems show in the same run.
  const step = decodeAt(
    stepSchemaOf(kind),
    kind === "expect" ? { ...rest, expect: placeholder } : rest,
    path,
    report,
  )
  if (step === undefined || first === undefined || !areWhole(expectations)) return undefined
  return { ...step, expect: expectations.length === 1 ? first : expectations }
}

/** Stands for expectations that are decoded apart. */
const placeholder: typeof Expectation.Encoded = {}

const stepSchemaOf = (kind: StepKind): Schema.ConstraintDecoder<Step> => stepSchemas[kind]
