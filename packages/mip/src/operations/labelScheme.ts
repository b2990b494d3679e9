import { organizationOf } from "@twin/identity"
import {
  type Call,
  decideByGates,
  deny,
  gate,
  inForce,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { simulationMillis } from "../AutoLabelPolicy.ts"
import { defaultLabels } from "../defaultLabels.ts"
import { type Label, makeLabel } from "../Label.ts"
import { isLabelNameTaken, labelsOf, pathOf, sublabelsOf } from "../labelOf.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { rightsOfLevel } from "../UsageRight.ts"
import { complianceAudit, complianceRoles } from "./cmdlet.ts"

const untouched = gate<{ readonly labels: number }>()({
  name: "no-labels-yet",
  facts: ["MIP-104"],
  reads: ["labels"],
  check: ({ labels }) =>
    labels === 0
      ? pass("The organization has no labels yet, so the defaults can be made.", { labels })
      : deny(
          "The organization has labels of its own.",
          { labels },
          {
            message: "Default labels can be created only when there are no labels.",
          },
        ),
})

export const createDefaultLabels = operation({
  name: "create-default-labels",
  summary: "Turns on the default labels and policies.",
  params: Schema.Struct({}),
  roles: complianceRoles,
  facts: ["MIP-104", "MIP-105"],
  decide: ({ world, now, draw }: Call<MipWorld>): Ruling<MipEvent> => {
    const decision = decideByGates([untouched], { labels: labelsOf(world).length })
    if (decision.outcome !== "allow") return { decision }
    const domains = organizationOf(world)?.verifiedDomains ?? []
    const made = defaultLabels({
      guid: draw.guid,
      now,
      organization: domains.slice(0, 1).map((who) => ({ who, rights: rightsOfLevel("Editor") })),
      simulationEndsAt: now + inForce(simulationMillis, now),
      firstPriority: 0,
    })
    return {
      decision,
      events: [
        ...made.labels.map((label) => ({ _tag: "LabelCreated" as const, label })),
        { _tag: "LabelPolicyCreated", policy: made.policy },
        ...made.autoPolicies.map((policy) => ({
          _tag: "AutoLabelPolicyStored" as const,
          policy,
          at: now,
        })),
        ...made.autoRules.map((rule) => ({ _tag: "AutoLabelRuleStored" as const, rule, at: now })),
      ],
      output: made.labels.map(({ id, name, priority }) => ({
        Name: name,
        Guid: id,
        Priority: priority,
      })),
      audit: [
        ...made.labels.map(({ name, displayName, tooltip }) =>
          complianceAudit("New-Label", name, {
            Name: name,
            DisplayName: displayName,
            Tooltip: tooltip,
          }),
        ),
        complianceAudit("New-LabelPolicy", made.policy.name, {
          Name: made.policy.name,
          Labels: made.labels.map(({ name }) => name),
          ExchangeLocation: made.policy.exchangeLocation,
        }),
        ...made.autoPolicies.map(({ name, mode, exchangeLocation, sharePointLocation }) =>
          complianceAudit("New-AutoSensitivityLabelPolicy", name, {
            Name: name,
            Mode: mode,
            ExchangeLocation: exchangeLocation,
            SharePointLocation: sharePointLocation,
          }),
        ),
      ],
    }
  },
})

const parentsThere = gate<{ readonly parents: number }>()({
  name: "parents-to-migrate",
  facts: ["MIP-094"],
  reads: ["parents"],
  check: ({ parents }) =>
    parents > 0
      ? pass("There are parent labels that become groups; there is no way back.", { parents })
      : deny(
          "There is no parent label any more: the scheme is the modern one.",
          { parents },
          {
            message: "All parent labels have been migrated to label groups.",
          },
        ),
})

const hasSettings = ({ encryption, marking, container, autoLabeling }: Label): boolean =>
  encryption?.isEnabled === true ||
  container?.isEnabled === true ||
  autoLabeling !== undefined ||
  [marking.header, marking.footer, marking.watermark].some((it) => it?.isEnabled === true)

/** A group of the parent's name and colour; a parent with settings lives on below it (MIP-094). */
export const migrateLabelGroups = operation({
  name: "migrate-label-groups",
  summary: "Turns parent labels into label groups; there is no way back.",
  params: Schema.Struct({}),
  roles: complianceRoles,
  facts: ["MIP-094"],
  decide: ({ world, now, draw }: Call<MipWorld>): Ruling<MipEvent> => {
    const parents = labelsOf(world).filter(
      (it) => !it.isLabelGroup && sublabelsOf(world, it.id).length > 0,
    )
    const decision = decideByGates([parentsThere], { parents: parents.length })
    if (decision.outcome !== "allow") return { decision }
    const events = parents.flatMap((parent): readonly MipEvent[] => {
      if (!hasSettings(parent)) {
        return [{ _tag: "LabelChanged", label: { ...parent, isLabelGroup: true, changedAt: now } }]
      }
      const id = draw.guid(`group of ${parent.id}`)
      const color = parent.advancedSettings["color"]
      const { color: _, ...settings } = parent.advancedSettings
      const name = `${parent.name} group`
      const group = makeLabel({
        id,
        name: isLabelNameTaken(world, name) ? id : name,
        displayName: parent.displayName,
        tooltip: parent.tooltip,
        priority: parent.priority,
        isLabelGroup: true,
        advancedSettings: color === undefined ? {} : { color },
        createdAt: now,
        changedAt: now,
      })
      const published = world.mip.policies.filter(({ labels }) => labels.includes(parent.id))
      return [
        { _tag: "LabelCreated", label: group },
        { _tag: "LabelMoved", labelId: id, priority: parent.priority, at: now },
        ...[parent, ...sublabelsOf(world, parent.id)].map(
          (label): MipEvent => ({
            _tag: "LabelChanged",
            label: {
              ...label,
              parentId: id,
              changedAt: now,
              ...(label.id === parent.id ? { advancedSettings: settings } : {}),
            },
          }),
        ),
        ...published.map(
          (policy): MipEvent => ({
            _tag: "LabelPolicyChanged",
            policy: { ...policy, labels: [...policy.labels, id], changedAt: now },
          }),
        ),
      ]
    })
    return {
      decision,
      events,
      output: parents.map((it) => ({ Name: pathOf(world, it), Guid: it.id })),
      audit: parents.map((it) =>
        complianceAudit("Set-Label", it.name, { Identity: it.name, IsLabelGroup: true }),
      ),
    }
  },
})
