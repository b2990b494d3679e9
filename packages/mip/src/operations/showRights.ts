import { type Call, decideByGates, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { effectiveRights } from "../effectiveRights.ts"
import type { MipEvent } from "../MipEvent.ts"
import { grantsReaching } from "../rightsExplained.ts"
import { identityClasses, softwareKinds, supportMatrix } from "../Software.ts"
import { localDocumentOf, type MipWorld, protectionOf } from "../State.ts"
import {
  allRights,
  levelNameIn,
  PermissionLevel,
  rightsOfLevel,
  type UsageRight,
} from "../UsageRight.ts"
import { usageRightTable } from "../usageRightTable.ts"
import { evaluateFileKnown } from "./file.ts"

const look = gate<{ readonly table: string }>()({
  name: "table-shown",
  facts: ["MIP-052", "MIP-185"],
  reads: ["table"],
  check: ({ table }) => pass("The table is the same for every organization.", { table }),
})

export const showUsageRights = operation({
  name: "show-usage-rights",
  summary: "Shows the usage rights: names, what they grant, and what Office makes of them.",
  params: Schema.Struct({}),
  facts: ["MIP-052"],
  isReadOnly: true,
  decide: (): Ruling<MipEvent> => ({
    decision: decideByGates([look], { table: "usage rights" }),
    output: allRights.map((right) => {
      const { constant, note, ...row } = usageRightTable[right]
      return { right, ...row, constant: constant ?? null, note: note ?? null }
    }),
  }),
})

export const showPermissionLevels = operation({
  name: "show-permission-levels",
  summary: "Shows the rights of each permission level, by where it is chosen.",
  params: Schema.Struct({
    profile: Schema.optionalKey(
      Schema.Literals(["portal", "classic", "legacy", "office-dialog"]).annotate({
        description: "portal unless given; legacy: the sharing application of 2016",
      }),
    ),
  }),
  facts: ["MIP-058", "MIP-059", "MIP-060", "MIP-061", "MIP-063"],
  isReadOnly: true,
  decide: (_call: Call<MipWorld>, { profile = "portal" }): Ruling<MipEvent> => ({
    decision: decideByGates([look], { table: "permission levels" }),
    output: PermissionLevel.literals.map((level) => ({
      level,
      formerName: levelNameIn(level, "other applications"),
      profile,
      rights: rightsOfLevel(level, profile),
    })),
  }),
})

export const showSupportMatrix = operation({
  name: "show-support-matrix",
  summary: "Shows which kind of account opens protected content with which software.",
  params: Schema.Struct({}),
  facts: ["MIP-185"],
  isReadOnly: true,
  decide: (): Ruling<MipEvent> => ({
    decision: decideByGates([look], { table: "identity by software" }),
    output: identityClasses.map((identity) => ({
      identity,
      ...Object.fromEntries(softwareKinds.map((it) => [it, supportMatrix[identity][it]])),
    })),
  }),
})

export const showRights = operation({
  name: "show-rights",
  summary: "Shows what somebody may do with a content, and through which entry of its policy.",
  params: Schema.Struct({
    file: Schema.NonEmptyString.annotate({ description: "A file by name or id, or a content id" }),
    who: Schema.NonEmptyString.annotate({ description: "Address of the person" }),
  }),
  facts: ["MIP-050", "MIP-057"],
  isReadOnly: true,
  decide: ({ world, now }: Call<MipWorld>, { file, who }): Ruling<MipEvent> => {
    const contentId = localDocumentOf(world, file)?.contentId ?? file.toLowerCase()
    const protection = protectionOf(world, contentId)
    if (protection === undefined) return { decision: evaluateFileKnown(undefined) }
    const { rights } = effectiveRights(world, contentId, who, now)
    const reaching = grantsReaching(world, contentId, { address: who, now })
    const gives = (right: UsageRight) =>
      reaching
        .filter((it) => it.rights.includes(right) || it.rights.includes("OWNER"))
        .map(({ path, who: entry }) => (entry === "" ? path : `${path} ${entry}`))
    return {
      decision: decideByGates([look], { table: "rights of one person" }),
      output: allRights.map((right) => ({
        right,
        commonName: usageRightTable[right].commonName,
        isHeld: rights.includes(right),
        through: gives(right),
      })),
    }
  },
})
