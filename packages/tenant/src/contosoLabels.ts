import { makeDraw } from "@twin/kernel"
import {
  type MipEvent,
  makeLabel,
  makeLabelEncryption,
  makeLabelPolicy,
  rightsOfLevel,
} from "@twin/mip"

/** The four labels of contoso, from the least to the most sensitive, and the policy that has them. */
export const labelEvents = ({
  seed,
  now,
}: {
  readonly seed: string
  readonly now: number
}): MipEvent[] => {
  const { guid } = makeDraw(`${seed}/labels`)
  const times = { createdAt: now, changedAt: now }
  const id = (name: string) => guid(`label ${name}`)
  const labels = [
    makeLabel({
      id: id("Public"),
      name: "Public",
      tooltip: "For everybody, inside and outside",
      priority: 0,
      ...times,
    }),
    makeLabel({
      id: id("General"),
      name: "General",
      tooltip: "Everyday work",
      priority: 1,
      ...times,
    }),
    makeLabel({
      id: id("Confidential"),
      name: "Confidential",
      tooltip: "Members of the organisation and people of Fabrikam",
      priority: 2,
      encryption: makeLabelEncryption({
        protectionType: "Template",
        templateId: guid("template Confidential"),
        grants: [
          { who: "contoso.com", rights: rightsOfLevel("Editor") },
          { who: "partners@contoso.com", rights: rightsOfLevel("Restricted Editor") },
          { who: "fabrikam.com", rights: rightsOfLevel("Viewer") },
        ],
      }),
      ...times,
    }),
    makeLabel({
      id: id("Highly Confidential"),
      name: "Highly Confidential",
      tooltip: "The finance team, and nobody else",
      priority: 3,
      encryption: makeLabelEncryption({
        protectionType: "Template",
        templateId: guid("template Highly Confidential"),
        grants: [{ who: "finance@contoso.com", rights: rightsOfLevel("Editor") }],
        offlineAccessDays: 0,
      }),
      ...times,
    }),
  ]
  return [
    ...labels.map((label): MipEvent => ({ _tag: "LabelCreated", label })),
    {
      _tag: "LabelPolicyCreated",
      policy: makeLabelPolicy({
        id: guid("policy"),
        name: "Contoso labels",
        labels: labels.map((label) => label.id),
        ...times,
      }),
    },
  ]
}
