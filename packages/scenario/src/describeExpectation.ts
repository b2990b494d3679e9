import type { CanExpectation, Expectation } from "./Expectation.ts"
import { shown } from "./stepText.ts"

type Answer = Omit<typeof CanExpectation.Type, "who" | "do" | "on" | "using">

const outcomeWords = {
  allow: "is allowed",
  deny: "is refused",
  challenge: "is asked for more",
  unknown: "is not modelled",
} as const

const answerWords = (want: Answer): string =>
  [
    want.outcome === undefined ? undefined : outcomeWords[want.outcome],
    want.gate === undefined ? undefined : `decided by ${want.gate}`,
    want.passes === undefined ? undefined : `passes ${want.passes.join(", ")}`,
    want.code === undefined ? undefined : `with code ${want.code}`,
    want.message === undefined ? undefined : `saying “${want.message}”`,
    want.has === undefined ? undefined : `with ${want.has.join(", ")}`,
    want.lacks === undefined ? undefined : `without ${want.lacks.join(", ")}`,
  ]
    .filter((it) => it !== undefined)
    .join(", ")

/** The expectation in words for the audience. */
export const describeExpectation = (it: Expectation): string => {
  if (it.decision !== undefined) {
    const what = it.decision.of === undefined ? "The last step" : `Step ${it.decision.of}`
    return `${what} ${answerWords(it.decision)}`
  }
  if (it.can !== undefined) {
    return `To ${it.can.do} ${it.can.on}, ${it.can.who} ${answerWords(it.can)}`
  }
  if (it.mail !== undefined) {
    const { to, kind = "mail", subject, count } = it.mail
    const about = subject === undefined ? "" : ` about “${subject}”`
    return `${to} has received ${count ?? "a"} ${kind}${about}`
  }
  if (it.audit !== undefined) {
    const { operation, user, count } = it.audit
    const by = user === undefined ? "" : ` by ${user}`
    return `The audit log holds ${count ?? "a record of"} ${operation}${by}`
  }
  if (it.value !== undefined) {
    const { of, is, contains } = it.value
    return is === undefined
      ? `${shown(of)} contains ${shown(contains)}`
      : `${shown(of)} is ${shown(is)}`
  }
  if (it.bytes !== undefined) {
    const { of, contain, found = false, openFor, opens = true } = it.bytes
    const parts = [
      contain === undefined ? undefined : `${found ? "contain" : "do not contain"} its text`,
      openFor === undefined ? undefined : `${opens ? "open" : "do not open"} for ${openFor}`,
    ]
    return `The stored bytes of ${of} ${parts.filter((part) => part !== undefined).join(" and ")}`
  }
  const { of, message } = it.error ?? {}
  const about = message === undefined ? "" : ` about “${message}”`
  return `${of === undefined ? "The last step" : `Step ${of}`} ends with an error${about}`
}
