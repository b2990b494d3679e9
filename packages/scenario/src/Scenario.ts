import { FactId, Outcome } from "@twin/kernel"
import { Schema } from "effect"
import { DurationText } from "./duration.ts"
import { CanExpectation, ClientOverride, Expectation } from "./Expectation.ts"

const about = <S extends Schema.Top>(schema: S, description: string) =>
  schema.annotate({ description })
const text = (description: string) => Schema.NonEmptyString.annotate({ description })
const optional = Schema.optionalKey

/** Ids in a file: for references between steps, and in reports. */
const Slug = Schema.String.check(
  Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
    expected: "lower-case words and digits joined by hyphens",
  }),
)

const anyStep = {
  id: optional(about(Slug, "Name of this step, unique in the file")),
  title: optional(text("Heading of this step; made from what it does if absent")),
  say: optional(text("Talk track of this step, in Markdown")),
}
const expect = optional(
  about(
    Schema.Union([Expectation, Schema.Array(Expectation).check(Schema.isMinLength(1))]),
    "What must hold afterwards: one expectation or several",
  ),
)
const who = text("Who acts: a name, a mail address, an engineer, or anonymous")

export const PowershellStep = Schema.Struct({
  ...anyStep,
  expect,
  powershell: text("Cmdlet lines, run one after the other"),
  as: optional(who),
}).annotate({ identifier: "PowershellStep" })

export const ActionStep = Schema.Struct({
  ...anyStep,
  expect,
  do: text("The action, e.g. share-file"),
  as: who,
  with: optional(about(Schema.Record(Schema.String, Schema.Unknown), "Parameters of the action")),
  using: optional(about(ClientOverride, "Through which client")),
  save: optional(
    about(
      Schema.String.check(
        Schema.isPattern(/^[A-Za-z]\w*$/, { expected: "a letter, then letters and digits" }),
      ),
      "Keeps the result under this name, for {{ name.property }} in later steps",
    ),
  ),
  typed: optional(
    text("Parameter that the presenter types in the player, e.g. the code that arrived by mail"),
  ),
}).annotate({ identifier: "ActionStep" })

export const WaitStep = Schema.Struct({
  ...anyStep,
  expect,
  wait: about(DurationText, "How far the clock moves"),
}).annotate({ identifier: "WaitStep" })

export const FaultStep = Schema.Struct({
  ...anyStep,
  expect,
  fault: text("Name of the fault"),
  on: about(Schema.Boolean, "true: it begins, false: it ends"),
}).annotate({ identifier: "FaultStep" })

export const AttackStep = Schema.Struct({
  ...anyStep,
  expect,
  attack: text("The operation that the adversary tries"),
  technique: optional(text("MITRE ATT&CK technique, e.g. T1078")),
  as: who,
  with: optional(about(Schema.Record(Schema.String, Schema.Unknown), "Parameters of the attempt")),
  using: optional(about(ClientOverride, "Through which client")),
}).annotate({ identifier: "AttackStep" })

export const ExpectStep = Schema.Struct({
  ...anyStep,
  expect: about(
    Schema.Union([Expectation, Schema.Array(Expectation).check(Schema.isMinLength(1))]),
    "What must hold now: one expectation or several",
  ),
}).annotate({ identifier: "ExpectStep" })

/** One choice of a poll, and the answer of the twin for which it is the right one. */
export const PollChoice = Schema.Struct({
  text: text("What the audience reads"),
  when: about(
    Schema.Struct({
      outcome: optional(about(Outcome, "Right if this is decided")),
      gate: optional(text("Right if this gate decides")),
      has: optional(about(Schema.Array(Schema.NonEmptyString), "Right if these rights are there")),
      lacks: optional(about(Schema.Array(Schema.NonEmptyString), "Right if these are not")),
    }),
    "For which answer of the twin this choice is right",
  ),
})

export const PollStep = Schema.Struct({
  ...anyStep,
  poll: text("The question to the audience"),
  asks: about(
    Schema.Struct({
      who: CanExpectation.fields.who,
      do: CanExpectation.fields.do,
      on: CanExpectation.fields.on,
      using: CanExpectation.fields.using,
    }),
    "The question that the twin answers in order to tell which choice is right",
  ),
  choices: about(
    Schema.Array(PollChoice).check(Schema.isBetweenLength(2, 9)),
    "Exactly one of them is right when the poll is played",
  ),
}).annotate({ identifier: "PollStep" })

/** Every kind of step by the member that marks it. */
export const stepSchemas = {
  powershell: PowershellStep,
  do: ActionStep,
  wait: WaitStep,
  fault: FaultStep,
  attack: AttackStep,
  expect: ExpectStep,
  poll: PollStep,
} as const
export type StepKind = keyof typeof stepSchemas

export const Step = Schema.Union([
  PowershellStep,
  ActionStep,
  WaitStep,
  FaultStep,
  AttackStep,
  ExpectStep,
  PollStep,
])
export type Step = typeof Step.Type

/**
 * Which kind a step is; undefined when it has none of the marking members, or several. A step that
 * does something may have expectations of its own: `expect` marks a step only where nothing else does.
 */
export const stepKindOf = (step: object): StepKind | undefined => {
  const kinds = Object.keys(stepSchemas).filter((kind) => Object.hasOwn(step, kind))
  const acting = kinds.filter((kind) => kind !== "expect")
  const [kind] = acting.length > 0 ? acting : kinds
  return acting.length > 1 ? undefined : (kind as StepKind | undefined)
}

/** What a step expects, as a list. */
export const expectationsOf = (step: Step): readonly Expectation[] => {
  const { expect: given } = step as { readonly expect?: Expectation | readonly Expectation[] }
  if (given === undefined) return []
  return Array.isArray(given) ? given : [given as Expectation]
}

/** Whether leaving the step out changes the story: it does something. */
export const isActing = (step: Step): boolean => {
  const kind = stepKindOf(step)
  return kind !== "expect" && kind !== "poll"
}

/** Where the story starts: a named tenant, its moment in time, and what is changed beforehand. */
export const StartingTenant = Schema.Struct({
  baseline: about(Schema.Literals(["contoso"]), "Name of the starting tenant"),
  at: optional(
    about(
      Schema.String.check(
        Schema.isPattern(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/, {
          expected: "a day such as 2020-07-01 or an instant in UTC such as 2020-07-01T09:00:00Z",
        }),
      ),
      "When it starts; behaviour follows this date (era)",
    ),
  ),
  people: optional(
    about(
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5_000 })),
      "How many further made-up members the tenant has",
    ),
  ),
  setup: optional(
    text("Cmdlet lines run by a global administrator before the story begins, without being shown"),
  ),
}).annotate({ identifier: "StartingTenant" })
export type StartingTenant = typeof StartingTenant.Type

export const Section = Schema.Struct({
  title: text("Heading of the section"),
  talk: optional(text("Talk track, in Markdown")),
  steps: about(Schema.Array(Step), "What happens, in order"),
}).annotate({ identifier: "Section" })
export type Section = typeof Section.Type

/** A webinar as a file. */
export const Scenario = Schema.Struct({
  id: about(Slug, "Name of the scenario, unique among all files"),
  title: text("Title on the first slide"),
  abstract: text("What the audience will learn, in Markdown"),
  level: about(Schema.Literals([100, 200, 300, 400]), "100 introductory to 400 expert"),
  durationMinutes: about(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 480 })),
    "How long it takes on stage",
  ),
  presenter: optional(text("Notes for the presenter, in Markdown")),
  sources: about(
    Schema.Array(Schema.NonEmptyString).check(Schema.isMinLength(1)),
    "The documents it is drawn from",
  ),
  claims: optional(about(Schema.Array(FactId), "Claims that the story as a whole covers")),
  tenant: about(StartingTenant, "The tenant at the beginning"),
  agenda: about(Schema.Array(Section).check(Schema.isMinLength(1)), "The sections, in order"),
})
export type Scenario = typeof Scenario.Type
