import {
  type Call,
  decideByGates,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Schema } from "effect"
import type { Agreement } from "../DirectoryExtents.ts"
import { agreementOf, evaluateAgreementChange } from "../decisions/evaluateAgreementChange.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

const administrators: readonly string[] = [
  roles.conditionalAccessAdministrator,
  roles.securityAdministrator,
  roles.globalAdministrator,
]

const Localization = Schema.Struct({
  fileName: Schema.NonEmptyString,
  displayName: Schema.optionalKey(Schema.String),
  language: Schema.NonEmptyString,
  isDefault: Schema.optionalKey(Schema.Boolean),
  isMajorVersion: Schema.optionalKey(Schema.Boolean),
  /** The document itself, which the twin does not keep. */
  fileData: Schema.optionalKey(hashtable),
})

const fields = {
  displayName: Schema.optionalKey(Schema.NonEmptyString),
  isViewingBeforeAcceptanceRequired: Schema.optionalKey(Schema.Boolean),
  isPerDeviceAcceptanceRequired: Schema.optionalKey(Schema.Boolean),
  userReacceptRequiredFrequency: Schema.optionalKey(Schema.NonEmptyString),
}

const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

const params = {
  DisplayName: Schema.optionalKey(
    Schema.String.annotate({ description: "Name of the terms of use" }),
  ),
  IsViewingBeforeAcceptanceRequired: flag("Whether the document has to be opened first; switch"),
  IsPerDeviceAcceptanceRequired: flag("Whether every device asks again; switch"),
  UserReacceptRequiredFrequency: Schema.optionalKey(
    Schema.String.annotate({ description: "How often people accept again, e.g. P90D" }),
  ),
}

const switches = ["IsViewingBeforeAcceptanceRequired", "IsPerDeviceAcceptanceRequired"] as const

const row = (it: Agreement): OutputObject => ({
  Id: it.id,
  DisplayName: it.displayName,
  IsViewingBeforeAcceptanceRequired: it.isViewingBeforeAcceptanceRequired,
  IsPerDeviceAcceptanceRequired: it.isPerDeviceAcceptanceRequired,
  UserReacceptRequiredFrequency: it.userReacceptRequiredFrequency ?? null,
  Files: it.files.map((file) => ({
    FileName: file.fileName,
    DisplayName: file.displayName,
    Language: file.language,
    IsDefault: file.isDefault,
  })),
})

export const newMgAgreement = graphCmdlet({
  name: "New-MgAgreement",
  summary: "Adds terms of use that a Conditional Access policy can ask for.",
  params: {
    ...params,
    File: Schema.optionalKey(hashtable.annotate({ description: "The document: localizations" })),
    Files: Schema.optionalKey(
      Schema.Array(hashtable).annotate({ description: "Documents, one for each language" }),
    ),
  },
  body: Schema.Struct({
    ...fields,
    displayName: Schema.NonEmptyString,
    file: Schema.optionalKey(Schema.Struct({ localizations: Schema.Array(Localization) })),
    files: Schema.optionalKey(Schema.Array(Localization)),
  }),
  binding: { switches },
  roles: administrators,
  facts: ["IDN-280", "IDN-242"],
  decide: ({ world, now, draw }, body): Ruling<IdentityEvent> => {
    const files = [...(body.file?.localizations ?? []), ...(body.files ?? [])].map((it) => ({
      fileName: it.fileName,
      displayName: it.displayName ?? it.fileName,
      language: it.language,
      isDefault: it.isDefault ?? false,
    }))
    const decision = evaluateAgreementChange({ world, change: "add", id: "", files })
    if (decision.outcome !== "allow") return { decision }
    const agreement: Agreement = {
      id: draw.guid(`agreement ${body.displayName}`),
      displayName: body.displayName,
      isViewingBeforeAcceptanceRequired: body.isViewingBeforeAcceptanceRequired ?? false,
      isPerDeviceAcceptanceRequired: body.isPerDeviceAcceptanceRequired ?? false,
      ...(body.userReacceptRequiredFrequency === undefined
        ? {}
        : { userReacceptRequiredFrequency: body.userReacceptRequiredFrequency }),
      files,
      createdAt: now,
    }
    return {
      decision,
      events: [{ _tag: "AgreementSet", agreement, at: now }],
      audit: [auditLine("Create Terms Of Use", agreement.displayName)],
      output: [row(agreement)],
    }
  },
})

const AgreementId = Schema.NonEmptyString.annotate({ description: "Id of the terms of use" })

export const updateMgAgreement = graphCmdlet({
  name: "Update-MgAgreement",
  summary: "Changes terms of use, for instance how often people accept them again.",
  params: { AgreementId, ...params },
  path: ["AgreementId"],
  body: Schema.Struct(fields),
  binding: { switches },
  roles: administrators,
  facts: ["IDN-280", "IDN-242"],
  decide: ({ world, now }, body, given): Ruling<IdentityEvent> => {
    const decision = evaluateAgreementChange({ world, change: "change", id: given.AgreementId })
    const before = agreementOf(world, given.AgreementId)
    if (decision.outcome !== "allow" || before === undefined) return { decision }
    const agreement: Agreement = { ...before, ...body }
    return {
      decision,
      events: [{ _tag: "AgreementSet", agreement, at: now }],
      audit: [auditLine("Edit Terms Of Use", agreement.displayName)],
      output: [row(agreement)],
    }
  },
})

const listed = gate<object>()({
  name: "agreements",
  facts: ["IDN-280"],
  reads: [],
  check: () => pass("The terms of use of the tenant can be read."),
})

export const getMgAgreement = operation({
  name: "Get-MgAgreement",
  summary: "Shows the terms of use of the tenant.",
  params: Schema.Struct({
    AgreementId: Schema.optionalKey(AgreementId),
    All: flag("All pages; switch"),
  }),
  binding: { switches: ["All"] },
  roles: [...administrators, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-280"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
    const { AgreementId: id } = given
    if (id === undefined) {
      return {
        decision: decideByGates([listed], {}),
        output: HashMap.toValues(world.identity.extents.agreements)
          .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))
          .map(row),
      }
    }
    const one = agreementOf(world, id)
    const decision = evaluateAgreementChange({ world, change: "change", id })
    return one === undefined ? { decision } : { decision, output: [row(one)] }
  },
})

export const removeMgAgreement = graphCmdlet({
  name: "Remove-MgAgreement",
  summary: "Deletes terms of use that no policy asks for.",
  params: { AgreementId },
  path: ["AgreementId"],
  body: Schema.Struct({}),
  roles: administrators,
  facts: ["IDN-280", "IDN-242"],
  decide: ({ world, now }, _body, given): Ruling<IdentityEvent> => {
    const decision = evaluateAgreementChange({ world, change: "remove", id: given.AgreementId })
    const before = agreementOf(world, given.AgreementId)
    if (decision.outcome !== "allow" || before === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "AgreementRemoved", agreementId: before.id, at: now }],
      audit: [auditLine("Delete Terms Of Use", before.displayName)],
    }
  },
})
