import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  notRecognized,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { type CustomType, fingerprintPackage } from "../classification/CustomType.ts"
import {
  DocumentFingerprint,
  defaultThresholds,
  FingerprintThresholds,
  fingerprintLimits,
  fingerprintOf,
  isForm,
} from "../classification/DocumentFingerprint.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { common, complianceRoles } from "./cmdlet.ts"
import { complianceCmdlet } from "./complianceCmdlet.ts"
import { sensitiveTypeNames, typesOf } from "./sensitiveType.ts"

const form = {
  FileData: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "The empty form, as text" }),
  ),
  ThresholdConfig: Schema.optionalKey(
    FingerprintThresholds.annotate({
      description: "@{low=40;medium=60;high=80}: how much of the form has to be there, in percent",
    }),
  ),
  IsExact: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Only the form itself, with nothing filled in" }),
  ),
}
const Form = Schema.Struct(form)
type Form = typeof Form.Type

const description = Schema.String.annotate({ description: "What the form is" })

interface FormFacets {
  readonly bytes: number
  readonly hasWords: boolean
  readonly isThere: boolean
  readonly fingerprints: number
  readonly thresholds: "fit" | "out-of-range" | "out-of-order"
}

const rule = gate<FormFacets>()

const formReadable = rule({
  name: "fingerprint-form",
  facts: ["MIP-157"],
  reads: ["bytes", "hasWords", "isThere"],
  check: ({ bytes, hasWords, isThere }) => {
    const details = { bytes, bytesMax: fingerprintLimits.fileBytes }
    if (bytes > fingerprintLimits.fileBytes) {
      return deny("The form is too large.", details, { message: "The file is larger than 4 MB." })
    }
    if (!hasWords) {
      return deny("The form has no words, so there is no pattern of words.", details, {
        message: "The file contains no text to create a fingerprint from.",
      })
    }
    return isThere
      ? deny("There is a fingerprint of this form already.", details, {
          message: "A fingerprint based on this file already exists.",
        })
      : pass("The form has a pattern of words of its own.", details)
  },
})

const formLimits = rule({
  name: "fingerprint-limits",
  facts: ["MIP-157"],
  reads: ["fingerprints", "thresholds"],
  check: ({ fingerprints, thresholds }) => {
    const { percentMin, percentMax, perTenant } = fingerprintLimits
    const details = { fingerprints, fingerprintsMax: perTenant, thresholds, percentMin, percentMax }
    if (thresholds === "out-of-range") {
      return deny("A share lies outside of what can be asked for.", details, {
        message: "ThresholdConfig takes values from 30 to 90.",
      })
    }
    if (thresholds === "out-of-order") {
      return deny("A surer match would need less of the form.", details, {
        message: "In ThresholdConfig, low must be below medium, and medium below high.",
      })
    }
    return fingerprints > perTenant
      ? deny("The tenant has as many fingerprints as it can have.", details, {
          message: "The rule package of fingerprints is full.",
        })
      : pass("The fingerprint fits beside the others.", details)
  },
})

const formGates: GateRules<FormFacets> = [formReadable, formLimits]

const fingerprintsOf = (types: readonly CustomType[]): readonly DocumentFingerprint[] =>
  types.flatMap(({ fingerprints = [] }) => fingerprints)

const thresholdFacet = (thresholds: FingerprintThresholds): FormFacets["thresholds"] => {
  const { low, medium, high } = thresholds
  const { percentMin, percentMax } = fingerprintLimits
  if ([low, medium, high].some((it) => it < percentMin || it > percentMax)) return "out-of-range"
  return low < medium && medium < high ? "fit" : "out-of-order"
}

/** A fingerprint as wanted, and whether the tenant takes it beside those of other types. */
const made = (
  { world, draw }: Pick<Call<MipWorld>, "world" | "draw">,
  given: Form & { readonly Description?: string },
  typeId?: string,
) => {
  const bytes = Buffer.byteLength(given.FileData ?? "")
  // What is too large is refused unread.
  const isTooLarge = bytes > fingerprintLimits.fileBytes
  const text = isTooLarge ? "" : (given.FileData ?? "")
  const others = fingerprintsOf(world.mip.classification.types.filter(({ id }) => id !== typeId))
  const thresholds = given.ThresholdConfig ?? defaultThresholds
  const fingerprint = fingerprintOf(text, {
    description: given.Description ?? "",
    salt: draw.token("fingerprint", 16),
    isExact: given.IsExact ?? false,
    thresholds,
  })
  const decision = decideByGates(formGates, {
    bytes,
    hasWords: fingerprint !== undefined,
    isThere: others.some((it) => isForm(it, text)),
    fingerprints: others.length + 1,
    thresholds: thresholdFacet(thresholds),
  })
  return { decision, fingerprint }
}

export const newFingerprint = operation({
  name: "New-DlpFingerprint",
  summary: "Takes the fingerprint of a form; nothing is stored until a type is made of it.",
  params: Schema.Struct({ ...form, Description: description, ...common }),
  roles: complianceRoles,
  roleRefusal: notRecognized("New-DlpFingerprint"),
  facts: ["MIP-157"],
  binding: { positional: ["FileData"] },
  isReadOnly: true,
  secrets: ["FileData"],
  decide: (call: Call<MipWorld>, params): Ruling<MipEvent> => {
    const { decision, fingerprint } = made(call, params)
    return decision.outcome === "allow" && fingerprint !== undefined
      ? { decision, output: [{ ...fingerprint }] }
      : { decision }
  },
})

const Fingerprints = Schema.optionalKey(
  Schema.Union([DocumentFingerprint, Schema.Array(DocumentFingerprint)]).annotate({
    description: "What New-DlpFingerprint returned, one or several",
  }),
)

interface TypeFacets {
  readonly isNameTaken: boolean
  readonly nameLength: number
  readonly fingerprints: number
  readonly isOfFingerprints: boolean
}

const typeRule = gate<TypeFacets>()

const ofFingerprints = typeRule({
  name: "fingerprint-type",
  facts: ["MIP-157"],
  reads: ["isOfFingerprints"],
  check: ({ isOfFingerprints }) =>
    isOfFingerprints
      ? pass("The type is made of fingerprints.")
      : deny(
          "The type is not made of fingerprints.",
          {},
          {
            message:
              "Types that are built in can't be changed; those of a rule package change with the package.",
          },
        ),
})

const typeGates: GateRules<TypeFacets> = [
  ofFingerprints,
  typeRule({
    name: "fingerprint-type-name",
    facts: ["MIP-156", "MIP-157"],
    reads: ["isNameTaken", "nameLength", "fingerprints"],
    check: ({ isNameTaken, nameLength, fingerprints }) => {
      const details = { nameLength, nameLengthMax: 255, fingerprints }
      if (nameLength > 255) {
        return deny("The name is too long.", details, {
          message: "The Name parameter must have less than 256 characters.",
        })
      }
      if (isNameTaken) {
        return deny("A type of this name is there already.", details, {
          message: "A sensitive information type with the same name already exists.",
        })
      }
      return fingerprints === 0
        ? deny("The type would have no fingerprint.", details, {
            message: "Specify the FileData or the Fingerprints parameter.",
          })
        : pass("The type has a name of its own, and fingerprints.", details)
    },
  }),
]

const isMadeOfFingerprints = (type: CustomType | undefined) =>
  decideByGates<Pick<TypeFacets, "isOfFingerprints">>([ofFingerprints], {
    isOfFingerprints: type?.fingerprints !== undefined,
  })

/** The fingerprints that the parameters name; a new one is made of a file. */
const wanted = (
  call: Pick<Call<MipWorld>, "world" | "draw">,
  given: Form & {
    readonly Description?: string
    readonly Fingerprints?: DocumentFingerprint | readonly DocumentFingerprint[]
  },
  before?: CustomType,
) => {
  if (given.FileData !== undefined) {
    const { decision, fingerprint } = made(call, given, before?.id)
    return { decision, fingerprints: fingerprint === undefined ? [] : [fingerprint] }
  }
  return {
    fingerprints:
      given.Fingerprints === undefined
        ? (before?.fingerprints ?? []).map((it) => ({
            ...it,
            thresholds: given.ThresholdConfig ?? it.thresholds,
            isExact: given.IsExact ?? it.isExact,
          }))
        : [given.Fingerprints].flat(),
  }
}

const evaluateType = (
  world: MipWorld,
  type: CustomType,
  before: { readonly id: string; readonly fingerprints?: unknown } | undefined,
) =>
  decideByGates(typeGates, {
    isOfFingerprints: before === undefined || before.fingerprints !== undefined,
    isNameTaken: typesOf(world).some(
      ({ id, name }) => id !== type.id && name.toLowerCase() === type.name.toLowerCase(),
    ),
    nameLength: type.name.length,
    fingerprints: type.fingerprints?.length ?? 0,
  })

export const newSensitiveType = complianceCmdlet({
  name: "New-DlpSensitiveInformationType",
  summary: "Makes a sensitive information type of the fingerprints of forms.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique, below 256 characters" }),
    Description: Schema.optionalKey(description),
    Fingerprints,
    ...form,
    ...common,
  }),
  facts: ["MIP-157"],
  binding: { positional: ["Name"] },
  secrets: ["FileData"],
  decide: (call, params) => {
    const { decision, fingerprints } = wanted(call, params)
    if (decision !== undefined && decision.outcome !== "allow") return { decision }
    const type: CustomType = {
      id: call.draw.guid("sensitive type"),
      name: params.Name.trim(),
      description: params.Description ?? "",
      publisher: "",
      recommendedConfidence: 75,
      proximity: 300,
      patterns: [],
      fingerprints,
      packageId: fingerprintPackage,
      createdAt: call.now,
    }
    return {
      decision: evaluateType(call.world, type, undefined),
      events: [{ _tag: "FingerprintTypeStored", type, at: call.now }],
      output: [{ Name: type.name, Id: type.id, Fingerprints: fingerprints.length }],
      changed: type.name,
    }
  },
})

export const setSensitiveType = complianceCmdlet({
  name: "Set-DlpSensitiveInformationType",
  summary: "Changes a type that is made of fingerprints.",
  params: Schema.Struct({
    Identity: sensitiveTypeNames.identity,
    Name: Schema.optionalKey(Schema.NonEmptyString),
    Description: Schema.optionalKey(description),
    Fingerprints,
    ...form,
    ...common,
  }),
  facts: ["MIP-157"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  secrets: ["FileData"],
  decide: (call, params) => {
    const named = sensitiveTypeNames.find(call.world, params.Identity)
    if (named === undefined) return { decision: sensitiveTypeNames.known(params.Identity, false) }
    const before = call.world.mip.classification.types.find(({ id }) => id === named.id)
    if (before?.fingerprints === undefined) {
      return { decision: isMadeOfFingerprints(before) }
    }
    const { decision, fingerprints } = wanted(call, params, before)
    if (decision !== undefined && decision.outcome !== "allow") return { decision }
    const type: CustomType = {
      ...before,
      name: params.Name?.trim() ?? before.name,
      description: params.Description ?? before.description,
      fingerprints,
    }
    return {
      decision: evaluateType(call.world, type, before),
      events: [{ _tag: "FingerprintTypeStored", type, at: call.now }],
      changed: type.name,
    }
  },
})

export const removeSensitiveType = complianceCmdlet({
  name: "Remove-DlpSensitiveInformationType",
  summary: "Takes a type away that is made of fingerprints.",
  params: Schema.Struct({ Identity: sensitiveTypeNames.identity, ...common }),
  facts: ["MIP-157"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, now }, { Identity }) => {
    const named = sensitiveTypeNames.find(world, Identity)
    if (named === undefined) return { decision: sensitiveTypeNames.known(Identity, false) }
    const type = world.mip.classification.types.find(({ id }) => id === named.id)
    return {
      decision: isMadeOfFingerprints(type),
      events: [{ _tag: "FingerprintTypeRemoved", id: named.id, at: now }],
      changed: named.name,
    }
  },
})
