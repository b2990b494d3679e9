import type { AutoLabelPolicy, AutoLabelRule } from "./AutoLabelPolicy.ts"
import type { ContentCondition } from "./classification/ContentCondition.ts"
import type { Grant } from "./Grant.ts"
import { type Label, type LabelEncryption, makeLabel, makeLabelEncryption } from "./Label.ts"
import { type LabelPolicy, makeLabelPolicy } from "./LabelPolicy.ts"

/** What protects a default label: nothing, the organization, or people of the author's choice. */
type Kind = "none" | "organization" | "encrypt-only" | "do-not-forward"

/** The labels that an organization gets when it turns the defaults on, lowest first (MIP-104). */
export const defaultTaxonomy: readonly (readonly [name: string, parent: string, kind: Kind])[] = [
  ["Personal", "", "none"],
  ["Public", "", "none"],
  ["General", "", "none"],
  ["Anyone (unrestricted)", "General", "none"],
  ["All Employees (unrestricted)", "General", "none"],
  ["Confidential", "", "none"],
  ["Anyone (unrestricted)", "Confidential", "none"],
  ["All Employees", "Confidential", "organization"],
  ["Trusted People", "Confidential", "encrypt-only"],
  ["Highly Confidential", "", "none"],
  ["All Employees", "Highly Confidential", "organization"],
  ["Specific People", "Highly Confidential", "do-not-forward"],
]

/** Different card numbers and the sublabel of Confidential that is recommended then (MIP-105). */
export const defaultConditions: readonly {
  readonly sublabel: string
  readonly minCount: number
  readonly maxCount: number
}[] = [
  { sublabel: "Anyone (unrestricted)", minCount: 1, maxCount: 9 },
  { sublabel: "All Employees", minCount: 10, maxCount: -1 },
]

const cards = { id: "50842eb7-edc8-4019-85dd-5a5c1f2bb085", name: "Credit Card Number" }

const condition = (minCount: number, maxCount: number): ContentCondition => ({
  operator: "And",
  groups: [
    {
      name: "Default",
      operator: "Or",
      items: [
        { kind: "type", ...cards, minCount, maxCount, minConfidence: 85, maxConfidence: 100 },
      ],
    },
  ],
})

export interface DefaultLabels {
  readonly labels: readonly Label[]
  readonly policy: LabelPolicy
  readonly autoPolicies: readonly AutoLabelPolicy[]
  readonly autoRules: readonly AutoLabelRule[]
}

const key = (name: string, parent: string): string => `default label ${parent}/${name}`

/** Labels, the policy that publishes them, and service policies that only simulate at first. */
export const defaultLabels = (o: {
  readonly guid: (purpose: string) => string
  readonly now: number
  /** Rights of everybody in the organization. */
  readonly organization: readonly Grant[]
  readonly simulationEndsAt: number
  readonly firstPriority: number
}): DefaultLabels => {
  const { guid, now } = o
  const encryptionOf = (kind: Kind, name: string): LabelEncryption | undefined => {
    switch (kind) {
      case "none":
        return undefined
      case "organization":
        return makeLabelEncryption({
          protectionType: "Template",
          templateId: guid(`template ${name}`),
          grants: o.organization,
        })
      case "encrypt-only":
        return makeLabelEncryption({
          protectionType: "UserDefined",
          encryptOnly: true,
          promptUser: true,
        })
      case "do-not-forward":
        return makeLabelEncryption({
          protectionType: "UserDefined",
          doNotForward: true,
          promptUser: true,
        })
    }
  }
  const labels = defaultTaxonomy.map(([displayName, parent, kind], index) => {
    const encryption = encryptionOf(kind, `${parent} ${displayName}`)
    const isRecommended =
      parent === "Confidential"
        ? defaultConditions.find(({ sublabel }) => sublabel === displayName)
        : undefined
    return makeLabel({
      id: guid(key(displayName, parent)),
      name: parent === "" ? displayName : `${parent} ${displayName}`,
      displayName,
      tooltip: `Default label ${displayName}`,
      priority: o.firstPriority + index,
      createdAt: now,
      changedAt: now,
      ...(parent === "" ? {} : { parentId: guid(key(parent, "")) }),
      ...(encryption === undefined ? {} : { encryption }),
      ...(isRecommended === undefined
        ? {}
        : {
            autoLabeling: {
              mode: "recommended" as const,
              policyTip: "This content seems to contain credit card numbers.",
              condition: condition(isRecommended.minCount, isRecommended.maxCount),
            },
          }),
    })
  })
  const idOf = (name: string, parent: string): string => guid(key(name, parent))
  const autoPolicies = defaultConditions.map(
    ({ sublabel, minCount }): AutoLabelPolicy => ({
      id: guid(`default auto policy ${sublabel}`),
      name: `Credit cards, from ${minCount}`,
      comment: "",
      labelId: idOf(sublabel, "Confidential"),
      mode: "TestWithoutNotifications",
      exchangeLocation: ["All"],
      sharePointLocation: ["All"],
      oneDriveLocation: ["All"],
      overwriteLabel: false,
      simulationStartedAt: now,
      simulationEndsAt: o.simulationEndsAt,
      createdAt: now,
      changedAt: now,
    }),
  )
  return {
    labels,
    policy: makeLabelPolicy({
      id: guid("default label policy"),
      name: "Global sensitivity label policy",
      labels: labels.map(({ id }) => id),
      settings: {
        defaultlabelid: idOf("All Employees (unrestricted)", "General"),
        requiredowngradejustification: "True",
      },
      createdAt: now,
      changedAt: now,
    }),
    autoPolicies,
    autoRules: autoPolicies.flatMap(({ name }, index) =>
      (["Exchange", "SharePoint", "OneDriveForBusiness"] as const).map(
        (workload): AutoLabelRule => ({
          name: `${name} (${workload})`,
          policy: name,
          workload,
          isEnabled: true,
          condition: condition(
            defaultConditions[index]?.minCount ?? 1,
            defaultConditions[index]?.maxCount ?? -1,
          ),
          accessScope: "None",
          createdAt: now,
        }),
      ),
    ),
  }
}
