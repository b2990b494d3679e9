import { type Dated, decideByGates, deny, gate, inForce, pass } from "@twin/kernel"
import { Schema } from "effect"
import {
  alwaysValidated,
  contentPlaces,
  coverage,
  customerSharePointPath,
  type PostureRow,
  postureRows,
  restControls,
  riskRows,
} from "../at-rest/Posture.ts"
import { type CryptoWorld, dataEncryptionPolicies, geoEncryptionOf } from "../State.ts"
import { encryptionPreferences } from "../smime/SmimeAlgorithm.ts"
import { smimeConfigOf } from "../smime/smimeLookup.ts"
import { cipherSuiteOf } from "../transport/CipherSuite.ts"
import { serverOfVolume } from "../volumes/Server.ts"
import { volumesIn } from "../volumes/VolumeEvent.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const shown = gate<object>()({
  name: "posture-shown",
  facts: ["CRY-008"],
  reads: [],
  check: () => pass("What encrypts which content may be known."),
})

const rolesOf = {
  Exchange: "ExchangeMailbox",
  SharePoint: "SharePoint",
  SkypeForBusiness: "SkypeForBusiness",
} as const

/** Some mailboxes may have a policy and others not: `Mixed` then. */
const exchangeManagement = (world: CryptoWorld): string => {
  const { mailboxes, tenantPolicyId } = world.crypto.customerKey
  const hasOwn = [...mailboxes].length > 0
  if (tenantPolicyId !== undefined) return "CustomerManaged"
  return hasOwn ? "Mixed" : "MicrosoftManaged"
}

const by = (isCustomers: boolean) => (isCustomers ? "CustomerManaged" : "MicrosoftManaged")

const managementOf = (world: CryptoWorld, row: PostureRow): string => {
  switch (row.managedBy) {
    case "Exchange":
      return exchangeManagement(world)
    case "SharePointGeo":
      return by(geoEncryptionOf(world).policyId !== undefined)
    case "MultiWorkload":
      return by(world.crypto.customerKey.tenantPolicyId !== undefined)
    case "Microsoft":
      return "MicrosoftManaged"
  }
}

const volumesFor = (world: CryptoWorld, row: PostureRow) => {
  const { isOnVolumes } = row
  if (isOnVolumes === "no") return { volumes: 0, volumesLocked: 0 }
  const there = volumesIn(world.crypto.volumes).filter(
    ({ volumeId }) => serverOfVolume(volumeId)?.role === rolesOf[isOnVolumes],
  )
  return { volumes: there.length, volumesLocked: there.filter((it) => it.isLocked).length }
}

export const showEncryptionAtRest = cryptoOperation({
  name: "show-encryption-at-rest",
  summary: "Reports for each kind of content what encrypts it at rest and who manages the keys.",
  params: Schema.Struct({}),
  facts: ["CRY-001", "CRY-002", "CRY-008"],
  isReadOnly: true,
  decide: ({ world }) => ({
    decision: decideByGates([shown], {}),
    output: postureRows.map((row) => {
      const keyManagement = managementOf(world, row)
      const isCustomers = row.managedBy === "SharePointGeo" && keyManagement === "CustomerManaged"
      return {
        data: row.data,
        volumeLayer: row.volumeLayer,
        serviceLayer: row.serviceLayer,
        keyPath: isCustomers ? customerSharePointPath : row.keyPath,
        keyManagement,
        ...volumesFor(world, row),
      }
    }),
  }),
})

export const listEncryptionRisks = cryptoOperation({
  name: "list-encryption-risks",
  summary: "Lists the risks that each kind of encryption is there for.",
  params: Schema.Struct({}),
  facts: ["CRY-004", "CRY-009"],
  isReadOnly: true,
  decide: ({ world }) => ({
    decision: decideByGates([shown], {}),
    output: riskRows.map(({ control, risk }) => ({
      control,
      risk,
      isInUse: control !== "Customer Key" || dataEncryptionPolicies(world).length > 0,
      // Who of Microsoft's people looks is Customer Lockbox's matter, whoever holds the keys.
      governsHumanAccess: false,
    })),
  }),
})

const validated = gate<{ readonly isKnown: boolean }>()({
  name: "fips-known",
  facts: ["CRY-010"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The modules come with Windows, and inherit its validation.")
      : deny("There is no cipher suite of this name."),
})

export const checkFips = cryptoOperation({
  name: "check-fips",
  summary: "Reports which uses of cryptography count as validated under FIPS 140-2.",
  params: Schema.Struct({
    tlsVersion: Schema.optionalKey(
      Schema.Literals(["1.0", "1.1", "1.2", "1.3"]).annotate({
        description: "What a mail connection agreed on; 1.2 unless given",
      }),
    ),
    cipherSuite: Schema.optionalKey(text("Suite that a mail connection agreed on")),
  }),
  facts: ["CRY-010"],
  isReadOnly: true,
  decide: ({ world }, o) => {
    const { tlsVersion = "1.2", cipherSuite = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" } = o
    const suite = cipherSuiteOf(cipherSuite)
    const decision = decideByGates([validated], { isKnown: suite !== undefined })
    if (suite === undefined) return { decision }
    const { OWAEncryptionAlgorithms } = smimeConfigOf(world)
    const [smime] = encryptionPreferences(OWAEncryptionAlgorithms).choices
    // The fact names this version: later ones are not said to be validated.
    const isMailTlsValidated = tlsVersion === "1.2" && suite.keyBits === 256
    return {
      decision,
      output: [
        ...alwaysValidated.map((control) => ({ control, validated: true, because: "always" })),
        {
          control: "Exchange TLS",
          validated: isMailTlsValidated,
          because: `TLS ${tlsVersion}, ${suite.cipher}, ${suite.keyBits} bits`,
        },
        {
          control: "S/MIME",
          validated: smime.name === "3DES" || smime.name === "AES256",
          because: `outgoing mail is encrypted with ${smime.name}`,
        },
      ],
    }
  },
})

interface CoverageFacets {
  readonly place: string
  readonly control: string
  readonly isCovered: boolean
}

const covers = gate<CoverageFacets>()({
  name: "encryption-coverage",
  facts: ["CRY-006", "CRY-007"],
  reads: ["place", "control", "isCovered"],
  check: ({ place, control, isCovered }) => {
    if (isCovered) return pass("This control covers content there.", { place, control })
    if (place.startsWith("OnPremises")) {
      return deny("Content on the customer's own machines is for the customer to encrypt.", {
        place,
        control,
      })
    }
    return control === "BitLocker"
      ? deny("That disk is encrypted by Azure Storage, and BitLocker is no option there.", {
          place,
        })
      : deny("This control does not cover content there.", { place, control })
  },
})

/** A preview of 2024, supported plainly in the documentation of 2025 (CRY-007). */
const cloudPcStatus: Dated<string> = {
  before: "NotAvailable",
  changes: [
    { from: "2024-01-01", value: "PublicPreview" },
    { from: "2025-01-01", value: "Supported" },
  ],
}

export const checkCoverage = cryptoOperation({
  name: "check-coverage",
  summary: "Tells whether a kind of encryption at rest covers content at a place.",
  params: Schema.Struct({
    place: Schema.Literals(contentPlaces).annotate({ description: "Where the content lies" }),
    control: Schema.Literals(restControls).annotate({ description: "Kind of encryption" }),
  }),
  facts: ["CRY-006", "CRY-007"],
  isReadOnly: true,
  decide: ({ now }, { place, control }) => {
    const isCloudPcKey = place === "CloudPcDisk" && control === "CustomerKey"
    const status = isCloudPcKey ? inForce(cloudPcStatus, now) : "Supported"
    const isCovered = coverage[place].includes(control) && status !== "NotAvailable"
    const decision = decideByGates([covers], { place, control, isCovered })
    return {
      decision,
      output: [
        { place, control, status: isCovered ? status : "NotCovered", covered: coverage[place] },
      ],
    }
  },
})
