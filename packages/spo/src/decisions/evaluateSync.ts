import { asSilentClient, authorizedAddressesOf, personOf } from "@twin/identity"
import {
  type Actor,
  andThen,
  type Call,
  type Decision,
  decideByGates,
  decidingGate,
  deny,
  type GateRules,
  gate,
  pass,
  type Refusal,
} from "@twin/kernel"
import { type DriveItem, normalPath } from "../DriveItem.ts"
import { libraryOfPath } from "../LibrarySettings.ts"
import type { RouteKind } from "../Route.ts"
import type { Site } from "../Site.ts"
import { itemAt, itemsOf, type SpoWorld } from "../State.ts"
import type { SyncPlatform } from "../SyncRelation.ts"
import { type VisitorKind, visitorOf } from "../Visitor.ts"
import { type Access, evaluateAccess } from "./evaluateAccess.ts"
import { missing } from "./missing.ts"

/** What somebody's OneDrive sync client should keep on a device. */
export interface SyncRequest {
  readonly site: Site
  /** Library or folder, site relative. */
  readonly path: string
  readonly platform: SyncPlatform
  /** The form of the address that was typed into the client. */
  readonly account: string
  /** Sets sync up, or runs what was set up before. */
  readonly phase: "set-up" | "run"
}

interface ClientFacets {
  readonly kind: DriveItem["kind"]
  readonly person: VisitorKind
  /** How the person proves the address; `unknown` for an address nobody in the world has. */
  readonly account: string
  readonly platform: SyncPlatform
  readonly addressForm: "as-in-the-directory" | "another-form"
  readonly phase: SyncRequest["phase"]
}

interface WayFacets {
  readonly person: VisitorKind
  readonly phase: SyncRequest["phase"]
  readonly signIn: Decision["outcome"]
  /** What the sign-in asks for, in its own sentence. */
  readonly demand: string
  readonly route: RouteKind
}

const clientGate = gate<ClientFacets>()
const wayGate = gate<WayFacets>()

/** Set-up ends; a running client turns to an error in the activity center. */
const cannotSync = (phase: SyncRequest["phase"]): Refusal => ({
  message:
    phase === "set-up"
      ? "We can't sync this library. OneDrive couldn't set up the sync."
      : "We can't sync your document library. OneDrive needs your attention.",
})

const wholeFolder = clientGate({
  name: "sync-scope",
  facts: ["IDN-090"],
  reads: ["kind", "person", "phase"],
  check: ({ kind, person, phase }) =>
    kind === "file"
      ? deny(
          "A single file is not synchronized: a site, a library or a folder has to be shared.",
          { kind, person },
          cannotSync(phase),
        )
      : pass("A library or a folder is synchronized as a whole.", { kind }),
})

const accountOfWork = clientGate({
  name: "sync-account",
  facts: ["IDN-089", "IDN-090"],
  reads: ["person", "account", "phase"],
  check: ({ person, account, phase }) => {
    const details = { person, account }
    if (person === "member") return pass("Somebody of the organization signs in to it.", details)
    if (person !== "guest") {
      return deny(
        "Only somebody with an account in the directory can sync; a code or an open link makes none.",
        details,
        cannotSync(phase),
      )
    }
    return account === "entra"
      ? pass("The guest has a work account of another organization.", details)
      : deny(
          "Guests sync with a work account only; a personal account or a passcode is none.",
          details,
          cannotSync(phase),
        )
  },
})

const addressForm = clientGate({
  name: "sync-address-form",
  facts: ["IDN-094"],
  reads: ["person", "platform", "addressForm", "phase"],
  check: ({ person, platform, addressForm: form, phase }) => {
    const details = { platform, addressForm: form }
    if (person !== "guest" || form === "as-in-the-directory") {
      return pass("The client uses the address that the directory knows.", details)
    }
    return platform === "mac"
      ? deny(
          "The client on a Mac does not find a guest who was invited by another form of the address.",
          details,
          cannotSync(phase),
        )
      : pass("This client finds the guest by any address of the account.", details)
  },
})

const noForeignSignIn = wayGate({
  name: "sync-sign-in-page",
  facts: ["IDN-090"],
  reads: ["person", "signIn", "demand", "phase"],
  check: ({ person, signIn, demand, phase }) => {
    if (person !== "guest") {
      return pass("For the own organization the client can show a sign-in page.", { person })
    }
    return signIn === "challenge"
      ? deny(
          "The client shows no sign-in page of another organization, so what is asked for there cannot be given.",
          { demand },
          cannotSync(phase),
        )
      : pass("Nothing has to be shown at a sign-in page.", { signIn })
  },
})

const namedWay = wayGate({
  name: "sync-route",
  facts: ["IDN-089", "IDN-090"],
  reads: ["route", "phase"],
  check: ({ route, phase }) =>
    route === "anonymous-link"
      ? deny(
          "A link that needs no sign-in does not let anybody sync.",
          { route },
          cannotSync(phase),
        )
      : pass("The way here needs a sign-in.", { route }),
})

const gatesOfClient: GateRules<ClientFacets> = [wholeFolder, accountOfWork, addressForm]

/** A library as a thing of its own, where nobody has made a folder of that path. */
const folderAt = (world: SpoWorld, site: Site, path: string): DriveItem | undefined => {
  const known = itemAt(world, site.url, path)
  if (known !== undefined) return known
  const isLibrary =
    libraryOfPath(path) === path &&
    (path === "Shared Documents" ||
      itemsOf(world).some(
        (it) => it.site === site.url && libraryOfPath(it.path) === path && it.path !== path,
      ))
  return isLibrary
    ? {
        id: `library ${site.url}/${path}`,
        site: site.url,
        path,
        kind: "folder",
        createdBy: site.owner,
        createdAt: site.createdAt,
        modifiedBy: site.owner,
        modifiedAt: site.createdAt,
        grants: [],
        hasUniquePermissions: false,
      }
    : undefined
}

/** The files below a path that are not in the bin, by path. */
const filesBelow = (world: SpoWorld, site: Site, path: string): readonly DriveItem[] =>
  itemsOf(world).filter(
    (it) =>
      it.kind === "file" &&
      it.site === site.url &&
      it.recycledAt === undefined &&
      it.path.toLowerCase().startsWith(`${path.toLowerCase()}/`),
  )

/**
 * Whether a sync client may be set up or go on, and the files that it would bring. The client of a
 * guest signs in without a page of this tenant: whatever asks for one stops it (IDN-090).
 */
export const evaluateSync = (
  call: Call<SpoWorld>,
  request: SyncRequest,
): {
  readonly decision: Decision
  readonly files: readonly { readonly item: DriveItem; readonly access: Access }[]
} => {
  const { actor, now } = call
  const path = normalPath(request.path)
  const { site, platform, phase } = request
  const folder = folderAt(call.world, site, path)
  if (folder === undefined || site.recycledAt !== undefined) {
    return { decision: missing("item"), files: [] }
  }
  const visitor = visitorOf(call.world, actor)
  const world = visitor.kind === "guest" ? asSilentClient(call.world, visitor.address) : call.world
  // The sync client is a program on the device, whatever the person clicked Sync in.
  const client: Actor["client"] = { ...actor.client, app: "office-desktop" }
  const asked = { world, actor: { ...actor, client }, now }
  const before = decideByGates(gatesOfClient, {
    kind: folder.kind,
    person: visitor.kind,
    account: personOf(world, visitor.address)?.account ?? "unknown",
    platform,
    addressForm:
      request.account.toLowerCase() === visitor.address ? "as-in-the-directory" : "another-form",
    phase,
  })
  if (before.outcome !== "allow") return { decision: before, files: [] }
  const access = evaluateAccess(asked, { item: folder, action: "download" })
  const way: WayFacets = {
    person: visitor.kind,
    phase,
    signIn: access.decision.outcome,
    demand: decidingGate(access.decision).reason,
    route: access.route?.kind ?? "none",
  }
  const decision =
    visitor.kind === "guest" && access.decision.outcome === "challenge"
      ? withoutPage(before, access.decision, decideByGates<WayFacets>([noForeignSignIn], way))
      : andThen(before, () =>
          andThen(access.decision, () =>
            decideByGates<WayFacets>([noForeignSignIn, namedWay], way),
          ),
        )
  return {
    decision,
    files:
      decision.outcome === "allow"
        ? filesBelow(world, site, path).map((item) => ({
            item,
            access: evaluateAccess(asked, { item, action: "download" }),
          }))
        : [],
  }
}

/** A challenge that cannot be shown: all gates stay to be seen, and the last one refuses. */
const withoutPage = (before: Decision, asked: Decision, refused: Decision): Decision => ({
  outcome: refused.outcome,
  gates: [before.gates[0], ...before.gates.slice(1), ...asked.gates, ...refused.gates],
})

/** Whether the person may use this form of the address at all: it is one of the account. */
export const isOwnAddress = (world: SpoWorld, actorId: string, account: string): boolean => {
  const person = personOf(world, actorId)
  const own = [
    actorId,
    ...(person === undefined ? [] : [person.address, ...person.aliases]),
    ...authorizedAddressesOf(world, actorId),
  ]
  return own.some((it) => it.toLowerCase() === account.toLowerCase())
}
