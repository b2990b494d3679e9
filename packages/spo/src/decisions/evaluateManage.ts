import { evaluateSignIn } from "@twin/identity"
import { andThen, type Call, type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { DriveItem } from "../DriveItem.ts"
import { type NetworkLocation, networkLocationOf } from "../in-force/networkLocation.ts"
import { compareRoles, heldRole, type RouteRole, siteRoutes } from "../Route.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, siteSetting } from "../State.ts"
import { visitorOf } from "../Visitor.ts"
import { networkLocation } from "./siteGates.ts"

interface ManageFacets {
  readonly what: "site" | "item"
  readonly role: RouteRole
  readonly isAccount: boolean
  readonly itemState: "present" | "recycled" | "site-recycled"
  readonly lockState: "Unlock" | "ReadOnly" | "NoAccess"
  readonly network: NetworkLocation
  /** `full` for what only owners do, `edit` for what editors do. */
  readonly needs: "full" | "edit" | "upload"
}

const manageGate = gate<ManageFacets>()

const account = manageGate({
  name: "caller-authenticated",
  facts: ["SPO-300"],
  reads: ["isAccount"],
  check: ({ isAccount }) =>
    isAccount
      ? pass("The person has an account in the directory.")
      : deny(
          "Only people with an account in the directory can do this.",
          {},
          {
            code: "unauthenticated",
            message: "Sign in to continue.",
          },
        ),
})

const present = manageGate({
  name: "item-present",
  facts: ["SPO-280", "SPO-281"],
  reads: ["itemState"],
  check: ({ itemState }) =>
    itemState === "present"
      ? pass("The item and its site are there.")
      : deny(
          "The item or its site is deleted.",
          { itemState },
          {
            code: "itemNotFound",
            message: "The item could not be found.",
          },
        ),
})

const unlocked = manageGate({
  name: "lock-state",
  facts: ["SPO-283"],
  reads: ["lockState"],
  check: ({ lockState }) =>
    lockState === "Unlock"
      ? pass("The site is not locked.", { lockState })
      : deny(
          "On a locked site nothing is added, changed or deleted.",
          { lockState },
          {
            code: "resourceLocked",
            message: "This site is read only at the administrator's request.",
          },
        ),
})

const permitted = manageGate({
  name: "permission",
  facts: ["SPO-225", "SPO-226", "SPO-233", "SPO-016"],
  reads: ["role", "needs", "what"],
  check: ({ role, needs, what }) => {
    const isEnough =
      role === "full" ||
      (needs !== "full" && role === "edit") ||
      (needs === "upload" && role === "createOnly")
    return isEnough
      ? pass("The permission covers this.", { role, needs, what })
      : deny(
          "The permission does not cover this.",
          { role, needs, what },
          {
            code: "accessDenied",
            message: "Access is denied. You do not have permission to perform this action.",
          },
        )
  },
})

const gates = [account, networkLocation, present, unlocked, permitted] as const

const decide = (
  call: Call<SpoWorld>,
  site: Site,
  facets: Omit<ManageFacets, "isAccount" | "lockState" | "network">,
) => {
  const visitor = visitorOf(call.world, call.actor)
  const isAccount = visitor.kind === "member" || visitor.kind === "guest"
  const lockState = siteSetting(site, "LockState")
  const decision = decideByGates<ManageFacets>(gates, {
    ...facets,
    isAccount,
    lockState,
    network: networkLocationOf(call.world, call.actor.client.ipAddress),
  })
  return andThen(decision, () =>
    evaluateSignIn({
      world: call.world,
      address: visitor.address,
      app: "Office 365 SharePoint Online",
      client: call.actor.client,
      now: call.now,
    }),
  )
}

/** Whether somebody owns a site: what its settings pages and label picker ask for. */
export const evaluateManageSite = (
  call: Call<SpoWorld>,
  site: Site,
  needs: ManageFacets["needs"] = "full",
): Decision =>
  decide(call, site, {
    what: "site",
    role:
      siteRoutes(call.world, site, visitorOf(call.world, call.actor))
        .map(({ role }) => role)
        .toSorted(compareRoles)[0] ?? "none",
    itemState: site.recycledAt === undefined ? "present" : "site-recycled",
    needs,
  })

/** Whether somebody may change an item, its label or who has access: people with edit may. */
export const evaluateManageItem = (
  call: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
  o: {
    readonly needs?: ManageFacets["needs"]
    readonly token?: string
    readonly inBin?: boolean
  } = {},
): Decision => {
  const { world, actor, now } = call
  const visitor = visitorOf(world, actor)
  return decide(call, site, {
    what: "item",
    role: heldRole({
      world,
      site,
      item,
      visitor,
      now,
      ...(o.token === undefined ? {} : { token: o.token }),
    }),
    itemState:
      site.recycledAt !== undefined
        ? "site-recycled"
        : item.recycledAt === undefined || o.inBin === true
          ? "present"
          : "recycled",
    needs: o.needs ?? "edit",
  })
}
