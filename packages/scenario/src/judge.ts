import {
  canonicalJson,
  type Decision,
  decidingGate,
  type OperationFailure,
  refusalOf,
} from "@twin/kernel"
import type { QuestionUnanswerable, StoredUnknown, Tenant, WhoUnknown } from "@twin/tenant"
import { Effect, Result, type Schema } from "effect"
import { describeExpectation } from "./describeExpectation.ts"
import type {
  AuditExpectation,
  BytesExpectation,
  CanExpectation,
  DecisionExpectation,
  ErrorExpectation,
  Expectation,
  MailExpectation,
  ValueExpectation,
} from "./Expectation.ts"
import { lookupFor } from "./lookup.ts"
import { readValue } from "./powershellStep.ts"
import type { Recorder } from "./recorder.ts"
import { isReference, resolveReferences } from "./references.ts"
import { shown } from "./stepText.ts"

/** Whether it held, and what was found: the evidence or the reason of the failure. */
interface Verdict {
  readonly held: boolean
  readonly found: string
}

/** Judges one expectation against the tenant of this moment; leaves no trace in the tenant. */
export const judge = Effect.fnUntraced(function* (
  tenant: Tenant,
  given: Expectation,
  index: number,
  recorder: Recorder,
) {
  const lookup = yield* lookupFor(tenant, recorder.memory, given)
  const resolved = resolveReferences(given, lookup)
  const verdict = Result.isFailure(resolved)
    ? { held: false, found: `${resolved.failure} leads to nothing` }
    : yield* verdictOf(tenant, { it: resolved.success as Expectation, given }, recorder).pipe(
        Effect.catchTag(
          [
            "WhoUnknown",
            "QuestionUnanswerable",
            "StoredUnknown",
            "ParametersInvalid",
            "OperationUnknown",
          ],
          (failure) => Effect.succeed({ held: false, found: failure.message }),
        ),
      )
  const { memory } = recorder
  recorder.memory = {
    ...memory,
    held: memory.held + (verdict.held ? 1 : 0),
    failed: memory.failed + (verdict.held ? 0 : 1),
  }
  recorder.messages.push({
    _tag: "ExpectationJudged",
    ...recorder.at,
    index,
    judgement: {
      that: given.that ?? describeExpectation(given),
      held: verdict.held,
      found: verdict.found,
      claims: given.claims ?? [],
      decisiveSteps: given.counterproof?.without ?? [],
    },
  })
})

type Asked = WhoUnknown | QuestionUnanswerable | StoredUnknown | OperationFailure

interface Resolved {
  /** With what its references mean in place of them. */
  readonly it: Expectation
  /** As it is written. */
  readonly given: Expectation
}

const verdictOf = (
  tenant: Tenant,
  { it, given }: Resolved,
  recorder: Recorder,
): Effect.Effect<Verdict, Asked> => {
  if (it.decision !== undefined) return Effect.succeed(decisionVerdict(it.decision, recorder))
  if (it.can !== undefined) return canVerdict(tenant, it.can)
  if (it.mail !== undefined) return mailVerdict(tenant, it.mail)
  if (it.audit !== undefined) return auditVerdict(tenant, it.audit)
  if (it.value !== undefined) {
    return isReference(given.value?.of ?? "")
      ? Effect.succeed(comparedValue(it.value.of, it.value))
      : valueVerdict(tenant, it.value, recorder)
  }
  if (it.bytes !== undefined) return bytesVerdict(tenant, it.bytes)
  return Effect.succeed(errorVerdict(it.error ?? {}, recorder))
}

type Answer = Omit<typeof CanExpectation.Type, "who" | "do" | "on" | "using">

/** Every member that is given has to fit; the first that does not is named. */
const answerVerdict = (decision: Decision, want: Answer): Verdict => {
  const gate = decidingGate(decision)
  const refusal = refusalOf(decision)
  const rights = decision.rights ?? []
  const passed = decision.gates.filter(({ verdict }) => verdict === "pass").map(({ name }) => name)
  const notPassed = (want.passes ?? []).filter((name) => !passed.includes(name))
  const notHad = (want.has ?? []).filter((right) => !rights.includes(right))
  const unwanted = (want.lacks ?? []).filter((right) => rights.includes(right))
  const wrong =
    want.outcome !== undefined && want.outcome !== decision.outcome
      ? `the outcome is ${decision.outcome}, not ${want.outcome}`
      : want.gate !== undefined && want.gate !== gate.name
        ? `${gate.name} decided, not ${want.gate}`
        : notPassed.length > 0
          ? `${notPassed.join(", ")} did not pass`
          : want.code !== undefined && want.code !== refusal?.code
            ? `the code is ${refusal?.code ?? "none"}, not ${want.code}`
            : want.message !== undefined && !includes(refusal?.message, want.message)
              ? `the message is: ${refusal?.message ?? "none"}`
              : notHad.length > 0
                ? `${notHad.join(", ")} is not among the rights (${rights.join(", ") || "none"})`
                : unwanted.length > 0
                  ? `${unwanted.join(", ")} is among the rights (${rights.join(", ")})`
                  : undefined
  const found = `${decision.outcome} by ${gate.name}: ${gate.reason}`
  return wrong === undefined ? { held: true, found } : { held: false, found: `${wrong}. ${found}` }
}

const includes = (text: string | undefined, words: string): boolean =>
  text?.toLowerCase().includes(words.toLowerCase()) ?? false

const decisionVerdict = (
  { of, ...want }: typeof DecisionExpectation.Type,
  { memory }: Recorder,
): Verdict => {
  const decision = of === undefined ? memory.lastDecision : memory.decisions[of]
  return decision === undefined
    ? { held: false, found: "nothing has been decided there" }
    : answerVerdict(decision, want)
}

const canVerdict = (
  tenant: Tenant,
  { who, do: action, on, using, ...want }: typeof CanExpectation.Type,
): Effect.Effect<Verdict, Asked> =>
  Effect.map(
    tenant.explain({ who, action, on, ...(using === undefined ? {} : { using }) }),
    (decision) => answerVerdict(decision, want),
  )

const counted = (
  matches: number,
  wanted: number | undefined,
  noun: string,
  found: string,
): Verdict => ({
  held: wanted === undefined ? matches > 0 : matches === wanted,
  found: `${matches} ${noun}${matches === 1 ? "" : "s"}${found === "" ? "" : `: ${found}`}`,
})

const mailVerdict = Effect.fnUntraced(function* (
  tenant: Tenant,
  want: typeof MailExpectation.Type,
) {
  const sender =
    want.from === undefined
      ? undefined
      : yield* tenant.actor(want.from).pipe(
          Effect.map(({ id }) => id),
          Effect.catchTag("WhoUnknown", () => Effect.succeed(want.from ?? "")),
        )
  const matches = (yield* tenant.mailbox(want.to)).filter(
    (mail) =>
      (want.kind === undefined || mail.kind === want.kind) &&
      (sender === undefined || mail.from.toLowerCase() === sender.toLowerCase()) &&
      (want.subject === undefined || includes(mail.subject, want.subject)) &&
      (want.text === undefined || includes(mail.text, want.text)) &&
      (want.hasCode === undefined || want.hasCode === (mail.code !== undefined)),
  )
  return counted(matches.length, want.count, "such mail", matches.at(-1)?.subject ?? "")
})

const auditVerdict = Effect.fnUntraced(function* (
  tenant: Tenant,
  want: typeof AuditExpectation.Type,
) {
  const records = (yield* tenant.records).flatMap(({ audit }) => audit)
  const user =
    want.user === undefined
      ? undefined
      : yield* tenant.actor(want.user).pipe(
          Effect.map(({ id }) => id),
          Effect.catchTag("WhoUnknown", () => Effect.succeed(want.user ?? "")),
        )
  const matches = records.filter(
    (it) =>
      it.Operation === want.operation &&
      (user === undefined || it.UserId.toLowerCase() === user.toLowerCase()) &&
      (want.object === undefined || includes(it.ObjectId, want.object)) &&
      Object.entries(want.property ?? {}).every(
        ([key, value]) => canonicalJson(it[key]) === canonicalJson(value),
      ),
  )
  return counted(matches.length, want.count, "such record", matches.at(-1)?.ObjectId ?? "")
})

const valueVerdict = Effect.fnUntraced(function* (
  tenant: Tenant,
  want: typeof ValueExpectation.Type,
  { memory }: Recorder,
) {
  const { variables, saved } = memory
  const read = yield* readValue({ tenant, expression: want.of, as: want.as, variables, saved })
  return Result.isFailure(read)
    ? { held: false, found: read.failure }
    : comparedValue(read.success, want)
})

const comparedValue = (
  value: Schema.Json,
  { is, contains }: Pick<typeof ValueExpectation.Type, "is" | "contains">,
): Verdict => {
  const found = `the value is ${shown(value)}`
  if (is !== undefined && !isSame(value, is)) return { held: false, found }
  if (contains === undefined) return { held: true, found }
  const held = Array.isArray(value)
    ? value.some((item) => isSame(item, contains))
    : typeof value === "string" && typeof contains === "string" && includes(value, contains)
  return { held, found }
}

/** As PowerShell compares with -eq: text without case, everything else by value. */
const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === "string" && typeof b === "string"
    ? a.toLowerCase() === b.toLowerCase()
    : canonicalJson(a) === canonicalJson(b)

const bytesVerdict = Effect.fnUntraced(function* (
  tenant: Tenant,
  want: typeof BytesExpectation.Type,
) {
  const parts: Verdict[] = []
  if (want.contain !== undefined) {
    const { isFound, size } = yield* tenant.searchStored(want.of, want.contain)
    const where = `${size} stored bytes ${isFound ? "contain" : "do not contain"} the text`
    parts.push({ held: isFound === (want.found ?? false), found: where })
  }
  if (want.openFor !== undefined) {
    const { isOpen, reason } = yield* tenant.openStored(want.of, want.openFor)
    const how = `${isOpen ? "they open" : "they do not open"} for ${want.openFor}: ${reason}`
    parts.push({ held: isOpen === (want.opens ?? true), found: how })
  }
  return {
    held: parts.every(({ held }) => held),
    found: parts.map(({ found }) => found).join("; "),
  }
})

const errorVerdict = (want: typeof ErrorExpectation.Type, recorder: Recorder): Verdict => {
  const { memory } = recorder
  const error = want.of === undefined ? memory.lastError : memory.errors[want.of]
  if (error === undefined) return { held: false, found: "no step has ended with an error there" }
  recorder.memory = {
    ...memory,
    openErrors: memory.openErrors.filter((it) => it !== error),
  }
  const held =
    (want.id === undefined || error.id.toLowerCase() === want.id.toLowerCase()) &&
    (want.message === undefined || includes(error.message, want.message))
  return { held, found: `${error.id}: ${error.message}` }
}
