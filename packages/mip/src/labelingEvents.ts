import { Schema } from "effect"
import { AutoLabelPolicy, AutoLabelRule } from "./AutoLabelPolicy.ts"
import { ContentCondition } from "./classification/ContentCondition.ts"
import type { MipEvent } from "./MipEvent.ts"
import type { MipState } from "./State.ts"

const id = Schema.NonEmptyString
const at = Schema.Finite

/** What a rule of data loss prevention does to mail that meets its conditions. */
export const MailDlpRule = Schema.Struct({
  name: id,
  isEnabled: Schema.Boolean,
  condition: ContentCondition,
  accessScope: Schema.Literals(["InOrganization", "NotInOrganization", "None"]),
  /** Template, or `Encrypt` and `Do Not Forward`, by name. */
  encryptTemplate: Schema.optionalKey(Schema.NonEmptyString),
  removesTemplate: Schema.Boolean,
})
export type MailDlpRule = typeof MailDlpRule.Type

/** Events of labelling by services and of switches around labels: part of `MipEvent`. */
export const labelingEvents = {
  AutoLabelPolicyStored: { policy: AutoLabelPolicy, at },
  AutoLabelPolicyRemoved: { id, at },
  AutoLabelSimulationCompleted: { id, at },
  AutoLabelRuleStored: { rule: AutoLabelRule, at },
  AutoLabelRuleRemoved: { name: id, at },
  /** Rules of data loss prevention as far as they act on mail (MIP-158). */
  MailDlpRuleStored: { rule: MailDlpRule, at },
  MailDlpRuleRemoved: { name: id, at },
  /** The service labelled files of this tenant: they count toward the limit of the day. */
  FilesAutoLabelled: { day: id, files: Schema.Int, at },
  /** Switches of the tenant: absent ones stay. */
  LabelingSwitched: {
    changes: Schema.Struct({
      isLabelCoauthOn: Schema.optionalKey(Schema.Boolean),
      isUnifiedAuditOn: Schema.optionalKey(Schema.Boolean),
      replication: Schema.optionalKey(Schema.Literals(["instant", "documented"])),
      filesPerDay: Schema.optionalKey(Schema.Int),
    }),
    at,
  },
} as const

/** What this tenant labels by itself, and the switches around it. */
export interface LabelingState {
  readonly policies: readonly AutoLabelPolicy[]
  readonly rules: readonly AutoLabelRule[]
  readonly mailDlpRules: readonly MailDlpRule[]
  /** Files that the service labelled, by day (`2026-09-01`). */
  readonly labelled: Readonly<Record<string, number>>
  /** Labels of Open XML files in `labelinfo.xml`, several authors at once (MIP-212). */
  readonly isLabelCoauthOn: boolean
  readonly isUnifiedAuditOn: boolean
  /** `documented`: programs and services learn of labels hours later (MIP-100). */
  readonly replication: "instant" | "documented"
  /** Instead of the limit of the time (MIP-147). */
  readonly filesPerDay?: number
}

export const initialLabeling: LabelingState = {
  policies: [],
  rules: [],
  mailDlpRules: [],
  labelled: {},
  isLabelCoauthOn: false,
  isUnifiedAuditOn: true,
  replication: "instant",
}

type Tag = keyof typeof labelingEvents
type Handlers = {
  readonly [T in Tag]: (event: Extract<MipEvent, { readonly _tag: T }>) => MipState
}

/** How these events change the slice: part of `evolve`. */
export const evolveLabeling = (state: MipState): Handlers => {
  const { labeling } = state
  const put = (changes: Partial<LabelingState>): MipState => ({
    ...state,
    labeling: { ...labeling, ...changes },
  })
  return {
    AutoLabelPolicyStored: ({ policy }) =>
      put({ policies: [...labeling.policies.filter((it) => it.id !== policy.id), policy] }),
    AutoLabelPolicyRemoved: ({ id: gone }) => {
      const policy = labeling.policies.find((it) => it.id === gone)
      return put({
        policies: labeling.policies.filter((it) => it.id !== gone),
        rules: labeling.rules.filter((it) => it.policy !== policy?.name),
      })
    },
    AutoLabelSimulationCompleted: ({ id: wanted, at: moment }) =>
      put({
        policies: labeling.policies.map((it) => {
          if (it.id !== wanted) return it
          const { simulationStartedAt: _start, simulationEndsAt: _end, ...rest } = it
          return { ...rest, simulatedAt: moment }
        }),
      }),
    AutoLabelRuleStored: ({ rule }) =>
      put({ rules: [...labeling.rules.filter((it) => it.name !== rule.name), rule] }),
    AutoLabelRuleRemoved: ({ name }) =>
      put({ rules: labeling.rules.filter((it) => it.name !== name) }),
    MailDlpRuleStored: ({ rule }) =>
      put({
        mailDlpRules: [...labeling.mailDlpRules.filter((it) => it.name !== rule.name), rule],
      }),
    MailDlpRuleRemoved: ({ name }) =>
      put({ mailDlpRules: labeling.mailDlpRules.filter((it) => it.name !== name) }),
    FilesAutoLabelled: ({ day, files }) =>
      put({ labelled: { ...labeling.labelled, [day]: (labeling.labelled[day] ?? 0) + files } }),
    LabelingSwitched: ({ changes }) => put(changes),
  }
}
