import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { HashMap, Option } from "effect"
import type { Agreement } from "../DirectoryExtents.ts"
import { directoryLimits } from "../DirectoryLimits.ts"
import type { IdentityWorld } from "../State.ts"

interface AgreementFacets {
  readonly isKnown: boolean
  readonly count: number
  readonly defaults: number
  readonly documents: number
  readonly usedBy: string
}

const agreementGate = gate<AgreementFacets>()

const known = agreementGate({
  name: "agreement-known",
  facts: ["IDN-280"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The tenant has these terms of use.")
      : deny(
          "The tenant has no such terms of use.",
          {},
          { code: "NotFound", message: "The agreement was not found." },
        ),
})

const documents = agreementGate({
  name: "agreement-documents",
  facts: ["IDN-280"],
  reads: ["documents", "defaults"],
  check: ({ documents: count, defaults }) => {
    const details = { documents: count, defaults }
    return count > 0 && defaults === 1
      ? pass("The terms have documents, and one language for everybody else.", details)
      : deny("Terms of use need documents, and exactly one of them as the default.", details, {
          code: "BadRequest",
          message: "The agreement must have exactly one default file localization.",
        })
  },
})

const agreementsLeft = agreementGate({
  name: "terms-of-use-limit",
  facts: ["IDN-280"],
  reads: ["count"],
  check: ({ count }) => {
    const { limit } = directoryLimits.termsOfUse
    return count < limit
      ? pass("The tenant has room for more terms of use.", { count, limit })
      : deny(
          "The tenant has as many terms of use as it can have.",
          { count, limit },
          {
            code: "BadRequest",
            message: "The maximum number of terms of use for the tenant has been reached.",
          },
        )
  },
})

const unused = agreementGate({
  name: "agreement-unused",
  facts: ["IDN-280"],
  reads: ["usedBy"],
  check: ({ usedBy }) =>
    usedBy === ""
      ? pass("No policy asks for these terms.")
      : deny(
          "A policy still asks for these terms.",
          { usedBy },
          {
            code: "BadRequest",
            message: "The agreement is referenced by a Conditional Access policy.",
          },
        ),
})

const gatesOf: Record<"add" | "change" | "remove", GateRules<AgreementFacets>> = {
  add: [documents, agreementsLeft],
  change: [known],
  remove: [known, unused],
}

export const agreementOf = (world: IdentityWorld, id: string): Agreement | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.extents.agreements, id.toLowerCase()))

/** Whether terms of use may be added, changed or removed. */
export const evaluateAgreementChange = (question: {
  readonly world: IdentityWorld
  readonly change: "add" | "change" | "remove"
  readonly id: string
  readonly files?: Agreement["files"]
}): Decision => {
  const { world, change, id, files = [] } = question
  const { extents, conditionalAccess } = world.identity
  return decideByGates(gatesOf[change], {
    isKnown: agreementOf(world, id) !== undefined,
    count: HashMap.size(extents.agreements),
    documents: files.length,
    defaults: files.filter(({ isDefault }) => isDefault).length,
    usedBy:
      Object.values(conditionalAccess).find(({ grantControls }) =>
        grantControls?.termsOfUse.some((it) => it.toLowerCase() === id.toLowerCase()),
      )?.displayName ?? "",
  })
}
