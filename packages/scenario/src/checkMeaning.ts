import { nearest, type OperationInfo } from "@twin/kernel"
import { parse, variableName, variablesOf } from "@twin/powershell"
import { Result, Schema } from "effect"
import type { Path, Report, Vocabulary } from "./decodeScenario.ts"
import { type Expectation, type ExpectationKind, expectationKinds } from "./Expectation.ts"
import { hasReference, isReference, referencesWithin } from "./references.ts"
import { expectationsOf, type Scenario, type Step } from "./Scenario.ts"
import { schemaProblems } from "./schemaProblems.ts"
import { scriptProblems } from "./scriptProblems.ts"

/** What is known at a step: names that earlier steps have given. */
interface Known {
  readonly steps: Set<string>
  readonly saved: Set<string>
  /** Variables that cmdlet lines have set, in lower case. */
  readonly variables: Set<string>
}

/** What the schema cannot say: names that exist, references that lead back, one kind at a time. */
export const checkMeaning = (scenario: Scenario, vocabulary: Vocabulary, report: Report): void => {
  const known: Known = { steps: new Set(), saved: new Set(), variables: new Set() }
  const { setup } = scenario.tenant
  if (setup !== undefined) checkScript(setup, ["tenant", "setup"], vocabulary, report)
  checkClaims(scenario.claims ?? [], ["claims"], vocabulary, report)
  if (scenario.agenda.every(({ steps }) => steps.length === 0)) {
    report(["agenda"], "Nothing happens: no section has a step")
  }
  scenario.agenda.forEach((section, index) => {
    section.steps.forEach((step, at) => {
      const path = ["agenda", index, "steps", at]
      checkStep(step, path, known, vocabulary, report)
      if ("save" in step && step.save !== undefined) {
        if (step.save === "mail") {
          report([...path, "save"], "'mail' means the mailboxes; choose another name")
        }
        known.saved.add(step.save)
      }
      if (step.id !== undefined) {
        if (known.steps.has(step.id)) report([...path, "id"], `The id '${step.id}' is taken`)
        known.steps.add(step.id)
      }
      // What a step expects may name the step itself, and what it saves.
      checkExpectations(step, path, known, vocabulary, report)
    })
  })
}

const checkStep = (
  step: Step,
  path: Path,
  known: Known,
  vocabulary: Vocabulary,
  report: Report,
): void => {
  if ("powershell" in step) {
    checkScript(step.powershell, [...path, "powershell"], vocabulary, report)
    checkReferences(step.powershell, [...path, "powershell"], known, report)
    for (const name of variablesIn(step.powershell).set) known.variables.add(name)
  } else if ("do" in step) {
    const operation = checkOperation(step.do, [...path, "do"], vocabulary, report)
    if (operation !== undefined) checkParams(operation, step.with ?? {}, [...path, "with"], report)
    checkReferences(step.with, [...path, "with"], known, report)
  } else if ("attack" in step) {
    const operation = checkOperation(step.attack, [...path, "attack"], vocabulary, report)
    if (operation !== undefined) checkParams(operation, step.with ?? {}, [...path, "with"], report)
    checkReferences(step.with, [...path, "with"], known, report)
  } else if ("fault" in step) {
    checkName(step.fault, vocabulary.faults, "fault", [...path, "fault"], report)
  } else if ("poll" in step) {
    checkName(step.asks.do, vocabulary.questions, "question", [...path, "asks", "do"], report)
    checkReferences(step.asks, [...path, "asks"], known, report)
    step.choices.forEach((choice, index) => {
      if (Object.keys(choice.when).length === 0) {
        report([...path, "choices", index, "when"], "Say for which answer this choice is right")
      }
    })
  }
}

const checkExpectations = (
  step: Step,
  path: Path,
  known: Known,
  vocabulary: Vocabulary,
  report: Report,
): void => {
  const isList = "expect" in step && Array.isArray(step.expect)
  expectationsOf(step).forEach((expectation, index) => {
    const at = isList ? [...path, "expect", index] : [...path, "expect"]
    checkExpectationMeaning(expectation, at, known, vocabulary, report)
  })
}

const checkName = (
  name: string,
  names: ReadonlySet<string>,
  noun: string,
  path: Path,
  report: Report,
): void => {
  if (names.has(name)) return
  const near = nearest(name, names)
  const hint =
    near.length > 0
      ? `did you mean ${near.join(" or ")}?`
      : `known: ${[...names].toSorted().join(", ")}`
  report(path, `There is no ${noun} '${name}'; ${hint}`)
}

const checkOperation = (
  name: string,
  path: Path,
  { operations }: Vocabulary,
  report: Report,
): OperationInfo | undefined => {
  const found = operations.get(name.toLowerCase())
  if (found !== undefined && found.kind === "action") return found
  if (found !== undefined) {
    report(path, `'${found.name}' is a cmdlet: run it in a powershell step`)
    return undefined
  }
  const actions = [...operations.values()].filter(({ kind }) => kind === "action")
  checkName(name, new Set(actions.map((it) => it.name)), "action", path, report)
  return undefined
}

/** What is given by reference is only known when the scenario is played. */
const checkParams = (
  operation: OperationInfo,
  params: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
): void => {
  const decoded = Schema.decodeUnknownResult(operation.params)(params, {
    errors: "all",
    onExcessProperty: "error",
  })
  if (Result.isSuccess(decoded)) return
  for (const problem of schemaProblems(decoded.failure.issue)) {
    if (!hasReference(valueAt(params, problem.path))) {
      report([...path, ...problem.path], problem.message)
    }
  }
}

const valueAt = (value: unknown, keys: readonly PropertyKey[]): unknown => {
  let found = value
  for (const key of keys) {
    if (typeof found === "string") return found
    if (typeof found !== "object" || found === null) return undefined
    found = (found as Readonly<Record<PropertyKey, unknown>>)[key]
  }
  return found
}

const checkReferences = (value: unknown, path: Path, known: Known, report: Report): void => {
  for (const [head = "", ...rest] of referencesWithin(value)) {
    if (head === "mail") {
      const [, what] = rest
      if (rest.length !== 2 || (what !== "code" && what !== "link" && what !== "id")) {
        report(
          path,
          'A mail is referred to as {{ mail."somebody@example.com".code }} (or link, id)',
        )
      }
    } else if (!known.saved.has(head)) {
      const near = nearest(head, known.saved)
      const hint = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : ""
      report(path, `No earlier step saves '${head}'.${hint}`)
    } else if (rest.length === 0) {
      report(path, `Say which property of '${head}' is meant, e.g. {{ ${head}.id }}`)
    }
  }
}

const checkScript = (
  script: string,
  path: Path,
  { operations }: Vocabulary,
  report: Report,
): void => {
  for (const problem of scriptProblems(script, operations)) report(path, problem)
}

const variablesIn = (script: string): ReturnType<typeof variablesOf> =>
  Result.match(parse(script), {
    onFailure: () => ({ read: [], set: new Set<string>() }),
    onSuccess: variablesOf,
  })

/** PowerShell reads `$null` from a variable that nobody set; an expectation must not. */
const checkVariables = (script: string, path: Path, known: Known, report: Report): void => {
  const { read, set } = variablesIn(script)
  const names = new Set([...known.saved].map((it) => it.toLowerCase()))
  for (const { variable } of read) {
    const name = variableName(variable)
    if (names.has(name) || known.variables.has(name) || set.has(name)) continue
    const near = nearest(name, [...known.saved, ...known.variables])
    const hint = near.length > 0 ? ` Did you mean ${near.map((it) => `$${it}`).join(" or ")}?` : ""
    const { line, column } = variable.span
    report(
      path,
      `line ${line}, character ${column} of the script: No earlier step saves or sets '$${variable.name}'.${hint}`,
    )
  }
}

const checkClaims = (
  claims: readonly string[],
  path: Path,
  { isClaim }: Vocabulary,
  report: Report,
): void => {
  claims.forEach((id, index) => {
    if (isClaim?.(id) === false) report([...path, index], `The catalogue has no claim ${id}`)
  })
}

/** What has to be said besides the kind, so that the expectation can fail. */
const needsOneOf: Partial<Record<ExpectationKind, readonly string[]>> = {
  decision: ["outcome", "gate", "passes", "code", "message", "has", "lacks"],
  can: ["outcome", "gate", "passes", "code", "message", "has", "lacks"],
  value: ["is", "contains"],
  bytes: ["contain", "openFor"],
  error: ["id", "message"],
}

const checkExpectationMeaning = (
  expectation: Expectation,
  path: Path,
  known: Known,
  vocabulary: Vocabulary,
  report: Report,
): void => {
  const given = expectationKinds.filter((kind) => expectation[kind] !== undefined)
  const [kind] = given
  if (kind === undefined || given.length > 1) {
    report(path, `Expected exactly one of ${expectationKinds.join(", ")}`)
    return
  }
  const body: Readonly<Record<string, unknown>> = expectation[kind] ?? {}
  const needed = needsOneOf[kind]
  if (needed !== undefined && !needed.some((key) => isSaid(body[key]))) {
    report([...path, kind], `This cannot fail: give at least one of ${needed.join(", ")}`)
  }
  if (typeof body["of"] === "string" && (kind === "decision" || kind === "error")) {
    checkStepName(body["of"], [...path, kind, "of"], known, report)
  }
  if (expectation.can !== undefined) {
    checkName(expectation.can.do, vocabulary.questions, "question", [...path, "can", "do"], report)
  }
  if (expectation.value !== undefined) {
    const { of } = expectation.value
    const place = [...path, "value", "of"]
    if (!isReference(of)) {
      checkScript(of, place, vocabulary, report)
      checkVariables(of, place, known, report)
    }
  }
  expectation.counterproof?.without.forEach((id, index) => {
    checkStepName(id, [...path, "counterproof", "without", index], known, report)
  })
  checkClaims(expectation.claims ?? [], [...path, "claims"], vocabulary, report)
  checkReferences(body, [...path, kind], known, report)
}

const isSaid = (value: unknown): boolean =>
  value !== undefined && !(Array.isArray(value) && value.length === 0)

const checkStepName = (id: string, path: Path, known: Known, report: Report): void => {
  if (known.steps.has(id)) return
  const near = nearest(id, known.steps)
  report(
    path,
    `No earlier step has the id '${id}'${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""}`,
  )
}
