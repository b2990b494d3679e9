import type { CryptoServices } from "@twin/crypto"
import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import {
  type CustomProtection,
  effectOf,
  type Label,
  labelOf,
  rightsOfLevel,
  userDefined,
} from "@twin/mip"
import { Effect, Schema } from "effect"
import { type DriveItem, nameOf, type StoredContent } from "../DriveItem.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { fileTypeOf } from "../fileTypes.ts"
import { type LibrarySettings, libraryOfPath } from "../LibrarySettings.ts"
import type { Site } from "../Site.ts"
import { libraryOf, type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import type { EmittedEvent, SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { labelByService } from "./serviceLabel.ts"

interface LibraryFacets {
  readonly label: "none" | "fits" | "unknown" | "not-for-files" | "not-processed"
  readonly isIntegrationOn: boolean
  readonly isSwitchedOff: boolean
  readonly isRightsManagementOn: boolean
  readonly wantsRightsManagement: boolean
}

const libraryFits = gate<LibraryFacets>()({
  name: "library-settings",
  facts: ["MIP-210", "MIP-213", "MIP-214"],
  reads: [
    "label",
    "isIntegrationOn",
    "isSwitchedOff",
    "isRightsManagementOn",
    "wantsRightsManagement",
  ],
  check: ({
    label,
    isIntegrationOn,
    isSwitchedOff,
    isRightsManagementOn,
    wantsRightsManagement,
  }) => {
    const details = { label, EnableAIPIntegration: isIntegrationOn }
    if (wantsRightsManagement && !isRightsManagementOn) {
      return deny(
        "Rights management of libraries needs the service of the organization.",
        details,
        {
          message: "Activate the rights management service first.",
        },
      )
    }
    if (label === "none") return pass("The settings of the library are written.", details)
    if (!isIntegrationOn || isSwitchedOff) {
      return deny("Default labels of libraries need labels to be on for SharePoint.", details, {
        message: "Sensitivity labels for files aren't enabled in SharePoint.",
      })
    }
    return label === "fits"
      ? pass("The label can be the default of a library.", details)
      : deny("The label cannot be the default of a library.", details, {
          message: "The label isn't available for this library.",
        })
  },
})

const labelFacet = (
  label: Label | undefined,
  wanted: string | undefined,
): LibraryFacets["label"] => {
  if (wanted === undefined || wanted === "") return "none"
  if (label === undefined) return "unknown"
  if (!label.contentTypes.includes("File")) return "not-for-files"
  const { encryption } = label
  const isProcessed =
    encryption?.doubleKeyUrl === undefined &&
    (effectOf(label) !== "template" || encryption?.contentExpiry._tag === "Never")
  return isProcessed && effectOf(label) !== "user-defined" ? "fits" : "not-processed"
}

/** Default label and rights management of a library; its owner sets them. */
export const setLibrary: SpoOperation = operation({
  name: "set-library",
  summary: "Sets the default label of a library, and what happens to files that leave it.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    library: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Shared Documents unless given" }),
    ),
    defaultLabel: Schema.optionalKey(
      Schema.String.annotate({ description: "Name or id of a label; empty takes it away" }),
    ),
    extendPermissionsToUnprotectedFiles: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Files that leave get rights from the site" }),
    ),
    irm: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Rights management of the library itself" }),
    ),
    irmAllowsPrint: Schema.optionalKey(Schema.Boolean),
    irmOfflineDays: Schema.optionalKey(Schema.Int),
  }),
  facts: ["MIP-210", "MIP-213", "MIP-214"],
  decide: (call: Call<SpoWorld>, params): SpoRuling => {
    const { world, now } = call
    const site = siteOf(world, params.site)
    if (site === undefined) return { decision: missing("site") }
    const library = params.library ?? "Shared Documents"
    const before = libraryOf(world, site.url, library)
    const wanted = params.defaultLabel
    const label = wanted === undefined || wanted === "" ? undefined : labelOf(world, wanted)
    const wantsRightsManagement = params.irm === true
    const decision = andThen(evaluateManageSite(call, site), () =>
      decideByGates([libraryFits], {
        label: labelFacet(label, wanted),
        isIntegrationOn: tenantSetting(world, "EnableAIPIntegration"),
        isSwitchedOff: tenantSetting(world, "DisableDocumentLibraryDefaultLabeling"),
        isRightsManagementOn: world.mip.service.functionalState === "Enabled",
        wantsRightsManagement,
      }),
    )
    if (decision.outcome !== "allow") return { decision }
    const defaultLabelId = wanted === undefined ? before?.defaultLabelId : label?.id
    const settings: LibrarySettings = {
      site: site.url,
      library,
      extendPermissionsToUnprotectedFiles:
        params.extendPermissionsToUnprotectedFiles ??
        before?.extendPermissionsToUnprotectedFiles ??
        false,
      isIrmOn: params.irm ?? before?.isIrmOn ?? false,
      irmAllowsPrint: params.irmAllowsPrint ?? before?.irmAllowsPrint ?? false,
      irmOfflineDays: params.irmOfflineDays ?? before?.irmOfflineDays ?? 30,
      ...(defaultLabelId === undefined ? {} : { defaultLabelId }),
    }
    return { decision, events: [{ _tag: "LibraryConfigured", settings, at: now }] }
  },
})

/**
 * The default label of the library, on a file that is new or was edited: over nothing, and over a
 * less sensitive label that did not come by hand (MIP-214).
 */
export const withLibraryDefault = Effect.fn("withLibraryDefault")(function* (
  call: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
): Effect.fn.Return<
  { readonly content?: StoredContent; readonly events: readonly EmittedEvent[] },
  never,
  CryptoServices
> {
  const settings = libraryOf(call.world, site.url, libraryOfPath(item.path))
  const { content } = item
  if (
    settings?.defaultLabelId === undefined ||
    content === undefined ||
    fileTypeOf(nameOf(item)) !== "office" ||
    content.processing === "opaque-encryption"
  ) {
    return { events: [] }
  }
  const done = yield* labelByService(call, { site, item, content, label: settings.defaultLabelId })
  return done.content === undefined
    ? { events: [] }
    : { content: done.content, events: done.events }
})

const levels = {
  "Full Control": "Owner",
  Edit: "Editor",
  Contribute: "Editor",
  Read: "Viewer",
  "View Only": "Viewer",
} as const

/** Rights that the roles of a site turn into (MIP-213): no offline use. */
const rightsOfSite = ({ owner, admins, assignments }: Site): CustomProtection =>
  userDefined(
    [
      ...[owner, ...admins].map((who) => ({ who, rights: rightsOfLevel("Owner") })),
      ...assignments
        .filter(({ principal }) => principal !== "")
        .map(({ principal, level }) => ({ who: principal, rights: rightsOfLevel(levels[level]) })),
    ],
    { offlineAccessDays: 0 },
  )

/**
 * The protection that a file takes on when it leaves its library: none where a label encrypts it
 * (MIP-210), else the site's roles (MIP-213) or the library's rights management for this person.
 */
export const protectionOnLeaving = (
  world: SpoWorld,
  site: Site,
  item: DriveItem,
  o: { readonly address: string; readonly canEdit: boolean },
): { readonly custom: CustomProtection; readonly label?: string } | undefined => {
  const settings = libraryOf(world, site.url, libraryOfPath(item.path))
  const { content } = item
  if (settings === undefined || content === undefined || content.contentId !== undefined) {
    return undefined
  }
  if (fileTypeOf(nameOf(item)) !== "office" && fileTypeOf(nameOf(item)) !== "pdf") return undefined
  const { defaultLabelId } = settings
  if (settings.extendPermissionsToUnprotectedFiles && defaultLabelId !== undefined) {
    return { custom: rightsOfSite(site), label: defaultLabelId }
  }
  if (!settings.isIrmOn) return undefined
  const level = rightsOfLevel(o.canEdit ? "Editor" : "Viewer")
  const rights = level.filter((it) => it !== "PRINT" || settings.irmAllowsPrint)
  return {
    custom: userDefined([{ who: o.address, rights }], {
      offlineAccessDays: settings.irmOfflineDays,
    }),
  }
}
