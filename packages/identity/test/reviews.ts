import { Effect } from "effect"
import { memberIdsOf, userOf } from "../src/index.ts"
import { accepted, type Lab, userId } from "./world.ts"

export const define = "New-MgIdentityGovernanceAccessReviewDefinition"
export const decisions = "Get-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision"
export const key = { AccessReviewScheduleDefinitionId: "Quarterly" }

export const guestsOf = (group: string) => ({
  query: `/groups/${group}/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')`,
  queryType: "MicrosoftGraph",
})
export const everyoneIn = (group: string) => ({
  query: `/groups/${group}/transitiveMembers`,
  queryType: "MicrosoftGraph",
})
export const by = (...names: readonly string[]) =>
  names.map((name) => ({ query: `/users/${userId(name)}`, queryType: "MicrosoftGraph" }))
export const settings = (more: object = {}) => ({
  instanceDurationInDays: 14,
  autoApplyDecisionsEnabled: true,
  recommendationsEnabled: true,
  mailNotificationsEnabled: true,
  reminderNotificationsEnabled: true,
  ...more,
})
export const deletion = {
  applyActions: [{ "@odata.type": "#microsoft.graph.disableAndDeleteUserApplyAction" }],
}

export const body = (more: object = {}) => ({
  DisplayName: "Quarterly",
  Scope: guestsOf("partners"),
  Reviewers: by("alice"),
  Settings: settings(),
  ...more,
})

/** Nina and Pat are partners: both have redeemed. */
export const partners = Effect.fnUntraced(function* (it: Lab) {
  for (const address of ["nina@fabrikam.com", "pat@mailbox.example"]) {
    yield* accepted(it, address)
    yield* it.as("gina", "New-MgGroupMember", {
      GroupId: "partners",
      DirectoryObjectId: address,
    })
  }
})

export const inGroup = (it: Lab, address: string, group = "partners") =>
  Effect.map(it.world, (world) =>
    memberIdsOf(world, group).includes(userOf(world, address)?.id ?? "nobody"),
  )

export const rows = (it: Lab) => Effect.map(it.as("ivan", decisions, key), ({ output }) => output)
