import {
  encryptionPreferences,
  pemOf,
  readSerializedStore,
  signingPreferences,
  smimeAuthoritiesOf,
  smimeChanges,
  smimeConfigOf,
} from "@twin/crypto"
import {
  type Call,
  commonParams,
  commonSwitches,
  decideByGates,
  deny,
  exchangeAdminAudit,
  gate,
  notRecognized,
  operation,
  pass,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { Result, Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import type { ExchangeWorld } from "../State.ts"
import { readable, transportAdminRoles, transportReaderRoles } from "./cmdlet.ts"

interface StoreFacets {
  readonly isGiven: boolean
  readonly isReadable: boolean
  readonly certificates: number
  readonly expired: number
}

const store = gate<StoreFacets>()({
  name: "issuing-authorities",
  facts: ["CRY-207"],
  reads: ["isGiven", "isReadable", "certificates", "expired"],
  check: ({ isGiven, isReadable, certificates, expired }) => {
    if (!isGiven) return pass("The authorities stay as they are.")
    if (!isReadable) {
      return deny(
        "The bytes are no serialized certificate store.",
        {},
        {
          code: "InvalidCertificateStore",
          message: "SMIMECertificateIssuingCA has to be a serialized certificate store (SST).",
        },
      )
    }
    return expired === 0
      ? pass("Every certificate of the store is in time.", { certificates })
      : deny(
          "A certificate of the store has expired, so nothing is changed.",
          { certificates, expired },
          {
            code: "CertificateExpired",
            message: "At least one certificate in SMIMECertificateIssuingCA has expired.",
          },
        )
  },
})

const byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

export const setSmimeConfig = operation({
  name: "Set-SmimeConfig",
  summary: "Changes how Outlook on the web signs and encrypts with S/MIME.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(Schema.String),
    ...smimeChanges,
    SMIMECertificateIssuingCA: Schema.optionalKey(
      Schema.Union([Schema.Array(byte), Schema.NonEmptyString]).annotate({
        description: "Serialized certificate store (SST): bytes, or base64",
      }),
    ),
    ...commonParams,
  }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("Set-SmimeConfig"),
  facts: ["CRY-206", "CRY-207", "EXO-195"],
  binding: { positional: ["Identity"], switches: commonSwitches },
  decide: ({ now }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const {
      Identity: _,
      WhatIf,
      Confirm: __,
      SMIMECertificateIssuingCA: given,
      ...changes
    } = params
    const bytes =
      given === undefined
        ? undefined
        : typeof given === "string"
          ? Uint8Array.from(Buffer.from(given, "base64"))
          : Uint8Array.from(given)
    const read = bytes === undefined ? undefined : readSerializedStore(bytes)
    const found = read !== undefined && Result.isSuccess(read) ? read.success : []
    const decision = decideByGates([store], {
      isGiven: bytes !== undefined,
      isReadable: found.length > 0,
      certificates: found.length,
      expired: found.filter(({ notAfter }) => notAfter < now).length,
    })
    if (decision.outcome !== "allow") return { decision }
    if (WhatIf === true)
      return { decision, output: whatIfOutput("Set-SmimeConfig", "Smime Configuration") }
    const changed: LowerEvent = {
      _tag: "SmimeConfigChanged",
      changes,
      ...(bytes === undefined ? {} : { issuingAuthorities: found.map(({ der }) => pemOf(der)) }),
    }
    const warnings = [
      ...(changes.OWAEncryptionAlgorithms === undefined ||
      encryptionPreferences(changes.OWAEncryptionAlgorithms).isWellFormed
        ? []
        : ["OWAEncryptionAlgorithms cannot be read; clients use 6610 (AES256)."]),
      ...(changes.OWASigningAlgorithms === undefined ||
      signingPreferences(changes.OWASigningAlgorithms).isWellFormed
        ? []
        : ["OWASigningAlgorithms cannot be read; clients use 8004 (SHA1)."]),
    ]
    const audit = [exchangeAdminAudit("Set-SmimeConfig", "Smime Configuration", changes)]
    return { decision, events: [changed], audit, warnings }
  },
})

export const getSmimeConfig = operation({
  name: "Get-SmimeConfig",
  summary: "Shows how Outlook on the web signs and encrypts with S/MIME.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.String) }),
  roles: transportReaderRoles,
  roleRefusal: notRecognized("Get-SmimeConfig"),
  facts: ["CRY-206", "CRY-207", "EXO-195"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>): Ruling<LowerEvent> => ({
    decision: readable("S/MIME settings"),
    output: [
      {
        Identity: "Smime Configuration",
        Name: "Smime Configuration",
        ...smimeConfigOf(world),
        SMIMECertificateIssuingCA: [...smimeAuthoritiesOf(world)],
      },
    ],
  }),
})
