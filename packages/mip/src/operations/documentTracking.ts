import { groupOf, groupsOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, isoOf, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateRevocation } from "../decisions/evaluateRevocation.ts"
import { canonicalAddress, identityClassesOf } from "../identityClass.ts"
import { policyInForce } from "../policyInForce.ts"
import {
  attemptsOf,
  type MipWorld,
  protectionOf,
  rmsServiceOf,
  trackedContentsOf,
} from "../State.ts"
import { revocationRequested } from "../serviceLoad.ts"
import type { TrackedContent } from "../TrackedContent.ts"
import { aipCmdlet, says } from "./aipCmdlet.ts"
import { groupFacet, groupUsable } from "./superUser.ts"

const none = Schema.Struct({})
const guid = Schema.NonEmptyString.annotate({ description: "ContentId of the document" })
const moment = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

const isWithin = (at: number, from: string | undefined, to: string | undefined): boolean => {
  const text = isoOf(at)
  return (from ?? "") <= text && (to === undefined || text <= to)
}

const searched = gate<{ readonly hasCriterion: boolean }>()({
  name: "search-criterion",
  facts: ["MIP-221"],
  reads: ["hasCriterion"],
  check: ({ hasCriterion }) =>
    hasCriterion
      ? pass("A name or an owner is given.")
      : deny(
          "Neither a name nor an owner is given.",
          {},
          {
            code: "AmbiguousParameterSet",
            message: "Specify the ContentName or the Owner parameter, or both.",
          },
        ),
})

export const getDocumentLog = aipCmdlet({
  name: "Get-AipServiceDocumentLog",
  summary: "Finds registered documents by full name or owner.",
  params: Schema.Struct({
    ContentName: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Full name with extension" }),
    ),
    Owner: Schema.optionalKey(Schema.NonEmptyString.annotate({ description: "Address" })),
    FromTime: moment("ISO time"),
    ToTime: moment("ISO time"),
  }),
  facts: ["MIP-220", "MIP-221", "MIP-223"],
  isReadOnly: true,
  decide: ({ world }, { ContentName, Owner, FromTime, ToTime }) => ({
    decision: decideByGates([searched], {
      hasCriterion: ContentName !== undefined || Owner !== undefined,
    }),
    output: trackedContentsOf(world)
      .filter(
        ({ contentName, owner, registeredAt }) =>
          (ContentName === undefined || contentName.toLowerCase() === ContentName.toLowerCase()) &&
          (Owner === undefined ||
            canonicalAddress(world, owner) === canonicalAddress(world, Owner)) &&
          isWithin(registeredAt, FromTime, ToTime),
      )
      .map((it) => shown(world, it)),
  }),
})

const shown = (world: MipWorld, content: TrackedContent): OutputObject => {
  const protection = protectionOf(world, content.contentId)
  const policy = protection === undefined ? undefined : policyInForce(world, protection)
  const expiresAt = policy?.contentExpiresAt
  return {
    ContentId: content.contentId,
    Issuer: content.issuer,
    Owner: content.owner,
    ContentName: content.contentName,
    CreatedTime: isoOf(content.registeredAt),
    Recipients: (policy?.grants ?? []).map(({ who, rights }) => `${who}: ${rights.join(",")}`),
    TemplateId: protection?.templateId ?? null,
    PolicyExpires: expiresAt === undefined ? null : isoOf(expiresAt),
    EULDuration: policy?.offlineAccessDays ?? null,
    RevocationInfo: {
      Revoked: content.revokedAt !== undefined,
      RevokedTime: content.revokedAt === undefined ? null : isoOf(content.revokedAt),
      RevokedBy: content.revokedBy ?? null,
    },
  }
}

export const getTrackingLog = aipCmdlet({
  name: "Get-AipServiceTrackingLog",
  summary: "Shows who asked for a licence for a document, granted or not.",
  params: Schema.Struct({
    ContentId: guid,
    UserEmail: Schema.optionalKey(Schema.NonEmptyString.annotate({ description: "Only this one" })),
    FromTime: moment("ISO time"),
    ToTime: moment("ISO time"),
  }),
  facts: ["MIP-221", "MIP-222"],
  isReadOnly: true,
  decide: ({ world }, { ContentId, UserEmail, FromTime, ToTime }) => ({
    output: attemptRows(world, ContentId).filter(
      ({ RequesterEmail, RequestTime }) =>
        (UserEmail === undefined || RequesterEmail === canonicalAddress(world, UserEmail)) &&
        (FromTime ?? "") <= RequestTime &&
        (ToTime === undefined || RequestTime <= ToTime),
    ),
  }),
})

/** The tracking log of a content, oldest first. */
export const attemptRows = (world: MipWorld, contentId: string) =>
  attemptsOf(world, contentId).map(({ at, address, isGranted, rights, ipAddress, error }) => ({
    ContentId: contentId.toLowerCase(),
    Issuer: protectionOf(world, contentId)?.issuer ?? null,
    RequestTime: isoOf(at),
    RequesterType:
      identityClassesOf(world, address)[0] === "work-own-tenant" ? "Internal" : "External",
    RequesterEmail: address,
    RequesterLocation: `IP: ${ipAddress}`,
    Rights: rights,
    Successful: isGranted,
    Error: error ?? null,
    IsHiddenInfo: false,
  }))

const revocationParams = {
  ContentId: guid,
  IssuerName: Schema.NonEmptyString.annotate({ description: "Address of who protected it" }),
  Force: Schema.optionalKey(Schema.Boolean.annotate({ description: "Does not ask" })),
}

const asAdmin = (
  { world, actor, now }: Call<MipWorld>,
  { ContentId, IssuerName }: { readonly ContentId: string; readonly IssuerName: string },
) =>
  evaluateRevocation({
    world,
    contentId: ContentId.toLowerCase(),
    address: actor.id,
    now,
    isAdmin: true,
    issuerName: IssuerName,
  })

export const setDocumentRevoked = aipCmdlet({
  name: "Set-AipServiceDocumentRevoked",
  summary: "Revokes a document: from now on nobody but the issuer gets a licence.",
  params: Schema.Struct(revocationParams),
  facts: ["MIP-224", "MIP-225", "MIP-220"],
  binding: { switches: ["Force"] },
  decide: (call, params) => ({
    decision: asAdmin(call, params),
    events: [
      {
        _tag: "ContentRevoked",
        contentId: params.ContentId.toLowerCase(),
        by: call.actor.id,
        at: call.now,
      },
      revocationRequested(call),
    ],
    logged: { command: "RevokeAccess", parameters: `-ContentId ${params.ContentId}` },
    warnings: [
      "Licences that were issued already open the document until they end: revoking does not recall them.",
    ],
  }),
})

export const clearDocumentRevoked = aipCmdlet({
  name: "Clear-AipServiceDocumentRevoked",
  summary: "Gives access to a revoked document back.",
  params: Schema.Struct(revocationParams),
  facts: ["MIP-226"],
  binding: { switches: ["Force"] },
  decide: (call, params) => ({
    decision: asAdmin(call, params),
    events: [
      {
        _tag: "RevocationCleared",
        contentId: params.ContentId.toLowerCase(),
        by: call.actor.id,
        at: call.now,
      },
    ],
    logged: { command: "RestoreAccess", parameters: `-ContentId ${params.ContentId}` },
  }),
})

export const enableDocumentTracking = aipCmdlet({
  name: "Enable-AipServiceDocumentTrackingFeature",
  summary: "Switches tracking and revocation on.",
  params: Schema.Struct({ Force: revocationParams.Force }),
  facts: ["MIP-230"],
  binding: { switches: ["Force"] },
  decide: () => ({
    changes: { documentTracking: "Enabled" },
    logged: { command: "SetDocumentTrackingFeatureState", parameters: "-state Enabled" },
  }),
})

export const disableDocumentTracking = aipCmdlet({
  name: "Disable-AipServiceDocumentTrackingFeature",
  summary: "Switches tracking and revocation off for the whole organization; logs stay.",
  params: Schema.Struct({ Force: revocationParams.Force }),
  facts: ["MIP-230"],
  binding: { switches: ["Force"] },
  decide: () => ({
    changes: { documentTracking: "Disabled" },
    logged: { command: "SetDocumentTrackingFeatureState", parameters: "-state Disabled" },
  }),
})

export const getDocumentTracking = aipCmdlet({
  name: "Get-AipServiceDocumentTrackingFeature",
  summary: "Says whether tracking and revocation are on.",
  params: none,
  facts: ["MIP-230"],
  isReadOnly: true,
  decide: ({ world }) => ({ output: says(rmsServiceOf(world).documentTracking) }),
})

export const setDoNotTrackGroup = aipCmdlet({
  name: "Set-AipServiceDoNotTrackUserGroup",
  summary: "Hides what members of a group open from the owners of documents.",
  params: Schema.Struct({
    SecurityGroupEmailAddress: Schema.NonEmptyString.annotate({
      description: "Address of the group",
    }),
  }),
  facts: ["MIP-230"],
  decide: ({ world }, { SecurityGroupEmailAddress: address }) => ({
    decision: decideByGates([groupUsable], { group: groupFacet(world, address) }),
    changes: { doNotTrackGroup: groupOf(world, address)?.mail ?? address.toLowerCase() },
    logged: { command: "SetDoNotTrackUserGroup", parameters: `-group ${address}` },
  }),
})

export const clearDoNotTrackGroup = aipCmdlet({
  name: "Clear-AipServiceDoNotTrackUserGroup",
  summary: "Lets owners of documents see again what everybody opens.",
  params: none,
  facts: ["MIP-230"],
  decide: () => ({
    changes: { doNotTrackGroup: null },
    logged: { command: "ClearDoNotTrackUserGroup" },
  }),
})

export const getDoNotTrackGroup = aipCmdlet({
  name: "Get-AipServiceDoNotTrackUserGroup",
  summary: "Shows the group whose activity owners of documents do not see.",
  params: none,
  facts: ["MIP-230"],
  isReadOnly: true,
  decide: ({ world }) => {
    const { doNotTrackGroup } = rmsServiceOf(world)
    return { output: doNotTrackGroup === undefined ? [] : says(doNotTrackGroup) }
  },
})

/** Whether somebody's activity is hidden from owners of documents (MIP-230). */
export const isHiddenFromOwners = (world: MipWorld, address: string): boolean => {
  const { doNotTrackGroup } = rmsServiceOf(world)
  return (
    doNotTrackGroup !== undefined &&
    groupsOf(world, address).some(({ mail }) => mail?.toLowerCase() === doNotTrackGroup)
  )
}
