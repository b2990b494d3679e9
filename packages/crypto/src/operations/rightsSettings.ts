import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import { isGenuine, issueCertificate, keptDeviceKey } from "../rights/accountCertificate.ts"
import { ContentCipher } from "../rights/Envelope.ts"
import { cbcActionFor, cbcClients, cbcServers, contentCipherFor } from "../rights/encryptionMode.ts"
import { deviceKey, EncryptionMode } from "../rights/RightsSettings.ts"
import { tenantKeysOf } from "../rights/TenantKey.ts"
import type { CryptoEvent } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const roles = ["Global Administrator", "Azure Information Protection Administrator"] as const

const settable = gate<object>()({
  name: "irm-setting",
  facts: ["CRY-134"],
  reads: [],
  check: () => pass("The Office policy decides for new content; what there is stays as it is."),
})

export const setIrmEncryptionMode = cryptoOperation({
  name: "set-irm-encryption-mode",
  summary: "Sets the Office policy Encryption mode for Information Rights Management (IRM).",
  params: Schema.Struct({
    mode: Schema.optionalKey(
      EncryptionMode.annotate({ description: "1: CBC, 2: ECB; not configured unless given" }),
    ),
  }),
  roles,
  facts: ["CRY-133", "CRY-134"],
  decide: (_call, { mode }) => {
    const set: CryptoEvent = {
      _tag: "IrmEncryptionModeSet",
      ...(mode === undefined ? {} : { mode }),
    }
    return { decision: decideByGates([settable], {}), events: [set] }
  },
})

export const setRmsConnector = cryptoOperation({
  name: "set-rms-connector",
  summary:
    "Says whether servers on premises use the RMS connector, and whether support was asked for CBC.",
  params: Schema.Struct({
    isDeployed: Schema.Boolean.annotate({ description: "The connector is in use" }),
    hasAskedForCbc: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Support has opted the tenant in again" }),
    ),
  }),
  roles,
  facts: ["CRY-134"],
  decide: (_call, { isDeployed, hasAskedForCbc = false }) => {
    const set: CryptoEvent = { _tag: "RmsConnectorSet", isDeployed, hasAskedForCbc }
    return { decision: decideByGates([settable], {}), events: [set] }
  },
})

interface ModeFacets {
  readonly cipher: string
  readonly server: string
  readonly isPatched: boolean
}

const serverDecrypts = gate<ModeFacets>()({
  name: "cbc-support",
  facts: ["CRY-134"],
  reads: ["cipher", "server", "isPatched"],
  check: ({ cipher, server, isPatched }) => {
    const needsPatch = server === "ExchangeServer" || server === "HybridExchange"
    return cipher === "AES-256-CBC" && needsPatch && !isPatched
      ? deny("Exchange Server without the update cannot decrypt content in this mode.", {
          cipher,
          server,
        })
      : pass("The server can decrypt content in this mode.", { cipher, server })
  },
})

export const checkIrmEncryptionMode = cryptoOperation({
  name: "check-irm-encryption-mode",
  summary:
    "Tells which cipher new content gets, what has to be done first, and whether a server reads it.",
  params: Schema.Struct({
    client: Schema.Literals(cbcClients).annotate({ description: "What publishes" }),
    server: Schema.Literals(cbcServers).annotate({ description: "What has to read it" }),
    build: Schema.optionalKey(
      Schema.Int.annotate({ description: "Third number of 16.0.x, the newest unless given" }),
    ),
    isPatched: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Exchange Server has the update; false unless given",
      }),
    ),
    cipher: Schema.optionalKey(
      ContentCipher.annotate({ description: "Of content that is there already" }),
    ),
  }),
  facts: ["CRY-133", "CRY-134"],
  isReadOnly: true,
  decide: ({ world, now }, { client, server, build, isPatched = false, cipher: given }) => {
    const publisher = { app: client, ...(build === undefined ? {} : { build }) }
    const cipher = given ?? contentCipherFor(world, { kind: "office", now, publisher })
    return {
      decision: decideByGates([serverDecrypts], { cipher, server, isPatched }),
      output: [{ client, server, cipher, action: cbcActionFor(client, server) }],
    }
  },
})

interface CertificateFacets {
  readonly isIssued: boolean
  readonly isAccountEnabled: boolean
  readonly isInTime: boolean
  readonly isGenuine: boolean
}

const accountEnabled = gate<CertificateFacets>()({
  name: "account-certificate",
  facts: ["CRY-137"],
  reads: ["isIssued", "isAccountEnabled", "isInTime", "isGenuine"],
  check: ({ isIssued, isAccountEnabled, isInTime, isGenuine: genuine }) => {
    if (isIssued && isInTime && genuine) return pass("The account's certificate is valid.")
    return isAccountEnabled
      ? pass("The certificate is issued anew, as long as the account exists and is enabled.")
      : deny(
          "The certificate is over, and is not renewed for an account that is gone or disabled.",
          {
            isIssued,
            isAccountEnabled,
          },
        )
  },
})

export const useAccountCertificate = cryptoOperation({
  name: "use-account-certificate",
  summary:
    "A client on a device uses the rights account certificate, and renews it where it has to.",
  params: Schema.Struct({
    device: text("Name of the device"),
    platform: Schema.Literals(["Windows", "Mobile"]).annotate({ description: "Kind of device" }),
    isAccountEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "What the directory says; true unless given" }),
    ),
  }),
  facts: ["CRY-137"],
  decide: ({ world, actor, now }, { device, platform, isAccountEnabled = true }) =>
    Effect.gen(function* () {
      const name = deviceKey(actor.id, device)
      const held = ownValue(world.crypto.rightsSettings.devices, name)
      const tenantKeyIds = tenantKeysOf(world).map(({ keyId }) => keyId)
      const isInTime = held !== undefined && now < held.validUntil
      const genuine = held !== undefined && (yield* isGenuine(held, tenantKeyIds))
      const decision = decideByGates([accountEnabled], {
        isIssued: held !== undefined,
        isAccountEnabled,
        isInTime,
        isGenuine: genuine,
      })
      if (decision.outcome !== "allow") return { decision }
      const wish = { principal: actor.id, device, platform, now }
      const events = isInTime && genuine ? [] : yield* issueCertificate(world, wish)
      const issued = events.find((it) => it._tag === "AccountCertificateIssued")
      const certificate = issued?.certificate ?? held
      const kept = yield* keptDeviceKey(actor.id.toLowerCase(), device)
      return {
        decision,
        events,
        output: [
          {
            device,
            isRenewed: issued !== undefined,
            issuedAt: certificate?.issuedAt ?? 0,
            validUntil: certificate?.validUntil ?? 0,
            keepsDeviceKey: Option.isSome(kept),
          },
        ],
      }
    }),
})

/** What happened, what to do, and whether a new tenant key helps (CRY-143, MIP-238). */
const breaches = {
  KeyLeaked: { response: ["Rekey: make another tenant key the active one."], doesRekeyHelp: true },
  RightsMisused: {
    response: ["Find out who misused rights they had; the key did not leak."],
    doesRekeyHelp: false,
  },
  HardwareWeak: {
    response: ["Microsoft updates the hardware.", "Then rekey, where Microsoft says so."],
    doesRekeyHelp: true,
  },
  AlgorithmBroken: {
    response: ["Microsoft updates the service.", "Then every tenant rekeys."],
    doesRekeyHelp: true,
  },
} as const

const breachKnown = gate<object>()({
  name: "breach-response",
  facts: ["CRY-143"],
  reads: [],
  check: () => pass("What helps depends on whether the key itself is out."),
})

export const planBreachResponse = cryptoOperation({
  name: "plan-breach-response",
  summary: "Tells what to do after a breach of rights management, and whether a rekey helps.",
  params: Schema.Struct({
    breach: Schema.Literals([
      "KeyLeaked",
      "RightsMisused",
      "HardwareWeak",
      "AlgorithmBroken",
    ]).annotate({ description: "What happened" }),
  }),
  facts: ["CRY-143"],
  isReadOnly: true,
  decide: ({ world }, { breach }) => ({
    decision: decideByGates([breachKnown], {}),
    output: [
      {
        breach,
        ...breaches[breach],
        otherKeys: tenantKeysOf(world)
          .filter(({ status }) => status === "Archived")
          .map(({ identifier }) => identifier),
      },
    ],
  }),
})
