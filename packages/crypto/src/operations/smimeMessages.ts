import { type Call, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Result, Schema } from "effect"
import { bytesContain } from "../at-rest/rawBytes.ts"
import { BlobStore } from "../BlobStore.ts"
import { type Certificate, certificateFrom } from "../certificates/Certificate.ts"
import { chainFacets } from "../decisions/evaluateCertificateChain.ts"
import { evaluateSmimeOpen, evaluateSmimeSend } from "../decisions/evaluateSmime.ts"
import { KeyVault } from "../KeyVault.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { composeMessage } from "../smime/composeMessage.ts"
import { contentCiphers } from "../smime/contentCiphers.ts"
import { readLayers } from "../smime/readLayers.ts"
import { encryptionPreferences, signingPreferences, smimeHashes } from "../smime/SmimeAlgorithm.ts"
import type { SmimeMessage } from "../smime/SmimeState.ts"
import { smimeConfigOf } from "../smime/smimeLookup.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** PEM certificates of a person: their own first, then the root. */
const certificatesOf = (world: CryptoWorld, address: string): readonly Certificate[] => {
  const held = ownValue(world.crypto.smime.certificates, address.toLowerCase())
  const pems = held?.certificate.split(/(?<=-----END CERTIFICATE-----\n)/) ?? []
  return pems.flatMap((pem) => {
    const read = certificateFrom(pem)
    return Result.isSuccess(read) ? [read.success] : []
  })
}

const isPublished = (world: CryptoWorld, address: string): boolean =>
  ownValue(world.crypto.smime.certificates, address.toLowerCase())?.isPublished === true

const privateKeyOf = Effect.fnUntraced(function* (world: CryptoWorld, address: string) {
  const held = ownValue(world.crypto.smime.certificates, address.toLowerCase())
  const vault = yield* KeyVault
  if (held === undefined) return undefined
  return yield* Effect.orElseSucceed(vault.privateKey(held.keyId), () => undefined)
})

const addresses = Schema.Array(Schema.NonEmptyString)
const names = Schema.optionalKey(Schema.Array(Schema.NonEmptyString))

const sendParams = Schema.Struct({
  to: addresses,
  bcc: Schema.optionalKey(addresses),
  text: Schema.String.annotate({ description: "Body of the message" }),
  sign: Schema.optionalKey(Schema.Boolean),
  encrypt: Schema.optionalKey(Schema.Boolean),
  clientCiphers: names.annotate({
    description: "Ciphers that the client has: AES256, AES192, AES128, 3DES, RC2, DES",
  }),
  clientHashes: names.annotate({
    description: "Hashes that the client has: SHA1, SHA256, SHA384, SHA512, MD5",
  }),
  isRevocationListReachable: Schema.optionalKey(Schema.Boolean),
  hasSmartCard: Schema.optionalKey(Schema.Boolean),
})

/** What is chosen of the organization's preferences, and every facet of the decision. */
const sendFacets = (call: Call<CryptoWorld>, params: typeof sendParams.Type) => {
  const { world, now, actor } = call
  const config = smimeConfigOf(world)
  const signs = config.OWAAlwaysSign || (params.sign ?? false)
  const encrypts = config.OWAAlwaysEncrypt || (params.encrypt ?? false)
  const everyone = [...params.to, ...(params.bcc ?? [])]
  const [own] = certificatesOf(world, actor.id)
  const ciphers = encryptionPreferences(config.OWAEncryptionAlgorithms).choices
  const hashes = signingPreferences(config.OWASigningAlgorithms).choices
  const real = new Set<string>(contentCiphers.map(({ name }) => name))
  const has = new Set(params.clientCiphers ?? [...real])
  const hasHash = new Set(params.clientHashes ?? smimeHashes.map(({ name }) => name))
  // What the twin cannot do for real, no client of the twin has.
  const cipher = ciphers.find(({ name }) => real.has(name) && has.has(name))
  const hash = hashes.find(({ name }) => hasHash.has(name))
  const expired = everyone.filter((it) => {
    const [certificate] = certificatesOf(world, it)
    return certificate !== undefined && certificate.notAfter < now
  })
  const facets = {
    signs,
    encrypts,
    hasSigningCertificate: own !== undefined,
    isSigningCertificateInTime: own !== undefined && own.notAfter >= now,
    missing: everyone.filter((it) => !isPublished(world, it)).join(", "),
    expired: expired.join(", "),
    cipher: cipher?.name ?? "",
    hash: hash?.name ?? "",
    preferredCiphers: ciphers.map(({ name, keyBits }) => `${name}/${keyBits}`).join(", "),
    preferredHashes: hashes.map(({ name }) => name).join(", "),
    isRevocationAsked: !config.OWADisableCRLCheck,
    isRevocationReachable: params.isRevocationListReachable ?? true,
    stopsWithoutList: config.OWACheckCRLOnSend,
    needsSmartCard: config.OWAOnlyUseSmartCard,
    hasSmartCard: params.hasSmartCard ?? false,
  }
  return { facets, config, cipher, hash, own }
}

/** CRY-207: who shares a copy. 0: each Bcc recipient alone; 1: all of them together; 2: everybody. */
const copiesFor = (
  to: readonly string[],
  bcc: readonly string[],
  forking: 0 | 1 | 2,
): readonly (readonly string[])[] => {
  if (bcc.length === 0 || forking === 2) return [[...to, ...bcc]]
  const hidden = forking === 1 ? [bcc] : bcc.map((it) => [it])
  return to.length === 0 ? hidden : [[...to], ...hidden]
}

export const sendSmimeMessage = cryptoOperation({
  name: "send-smime-message",
  summary: "Signs or encrypts a message in the client, with S/MIME, and hands it to the service.",
  params: sendParams,
  facts: ["CRY-205", "CRY-206", "CRY-207", "CRY-208"],
  secrets: ["text"],
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world, now, actor, draw } = call
      const { facets, config, cipher, hash, own } = sendFacets(call, params)
      const decision = evaluateSmimeSend(facets)
      if (decision.outcome !== "allow") return { decision }
      const id = draw.guid("smime message")
      const key = yield* privateKeyOf(world, actor.id)
      const [, root] = certificatesOf(world, actor.id)
      const signer =
        facets.signs && own !== undefined && key !== undefined
          ? { certificate: own, key, root: root?.der ?? own.der }
          : undefined
      const blobs = yield* BlobStore
      const copies: SmimeMessage["copies"][number][] = []
      const groups = facets.encrypts
        ? copiesFor(params.to, params.bcc ?? [], config.OWABCCEncryptedEmailForking)
        : [[...params.to, ...(params.bcc ?? [])]]
      for (const [index, recipients] of groups.entries()) {
        const certificates = recipients.flatMap((it) => certificatesOf(world, it).slice(0, 1))
        const bytes = yield* Effect.orDie(
          composeMessage({
            text: params.text,
            config,
            now,
            signer,
            hash: hash?.name ?? "SHA1",
            cipher: cipher?.name ?? "AES256",
            recipients: facets.encrypts ? certificates : undefined,
          }),
        )
        const blob = `smime/${id}/${index}`
        yield* blobs.put(blob, bytes)
        copies.push({ recipients: [...recipients], blob })
      }
      const message: SmimeMessage = {
        id,
        from: actor.id,
        to: [...params.to, ...(params.bcc ?? [])],
        isSigned: facets.signs,
        isEncrypted: facets.encrypts,
        copies,
      }
      const sent: CryptoEvent = { _tag: "SmimeMessageSent", message }
      const row = { id, message: id, Signed: facets.signs, Encrypted: facets.encrypts }
      const used = {
        Cipher: facets.encrypts ? facets.cipher : null,
        Hash: facets.signs ? facets.hash : null,
        Copies: copies.length,
      }
      return { decision, events: [sent], output: [{ ...row, ...used }] }
    }),
})

export const openSmimeMessage = cryptoOperation({
  name: "open-smime-message",
  summary: "Opens a message in S/MIME with the reader's own key, and verifies its signature.",
  params: Schema.Struct({
    message: text("Id of the message"),
    isTampered: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Somebody changed a byte on the way" }),
    ),
  }),
  facts: ["CRY-205", "CRY-208"],
  isReadOnly: true,
  decide: ({ world, now, actor }, params) =>
    Effect.gen(function* () {
      const message = ownValue(world.crypto.smime.messages, params.message)
      const copy =
        message?.copies.find(({ recipients }) => recipients.includes(actor.id)) ??
        message?.copies[0]
      const blobs = yield* BlobStore
      const stored =
        copy === undefined
          ? undefined
          : yield* Effect.orElseSucceed(blobs.get(copy.blob), () => undefined)
      const entity = params.isTampered === true && stored ? tampered(stored) : stored
      const key = yield* privateKeyOf(world, actor.id)
      const [certificate] = certificatesOf(world, actor.id)
      const reader =
        key === undefined || certificate === undefined ? undefined : { certificate, key }
      const layers = yield* readLayers(entity ?? new Uint8Array(), reader)
      const [signer] = layers.signers
      const decision = evaluateSmimeOpen({
        isFound: message !== undefined && stored !== undefined,
        isService: false,
        isEncrypted: layers.isEncrypted || (message?.isEncrypted ?? false),
        hasPrivateKey: reader !== undefined,
        openProblem: layers.openProblem ?? "",
        isSigned: message?.isSigned ?? false,
        signatureProblem: layers.signatureProblem ?? (signer === undefined ? "no-signer" : ""),
        trustProblem: trustProblem(world, signer, message?.from ?? "", now),
      })
      const isOpen = decision.outcome === "allow"
      return {
        decision,
        output: [
          {
            message: params.message,
            Text: isOpen ? (layers.text ?? null) : null,
            Layers: [...layers.layers],
            SignedBy: signer?.x509.subject ?? null,
            Cipher: layers.cipher ?? null,
            Hash: layers.hash ?? null,
          },
        ],
      }
    }),
})

/** One bit of the middle is another one: base64 stays base64. */
const tampered = (bytes: Uint8Array): Uint8Array => {
  const changed = Uint8Array.from(bytes)
  const middle = Math.floor(changed.length / 2)
  const at = changed.findIndex(
    (byte, index) => index >= middle && /[A-Za-z]/.test(String.fromCharCode(byte)),
  )
  changed[at] = changed[at] === 0x41 ? 0x42 : 0x41
  return changed
}

/** Trusted by everybody, or by the authorities that the administrator brought in (CRY-207). */
const trustProblem = (
  world: CryptoWorld,
  signer: Certificate | undefined,
  from: string,
  now: number,
): string => {
  if (signer === undefined) return "NoSigner"
  const [, root] = certificatesOf(world, from)
  const isPublic = root !== undefined && /Simulated Public Root/.test(root.x509.subject)
  const trustedRoots = [...(isPublic ? [root.der] : []), ...world.crypto.smime.issuingAuthorities]
  const chain = root === undefined ? [signer.der] : [signer.der, root.der]
  const read = chainFacets({ chain, trustedRoots, now })
  if (Result.isFailure(read)) return "UnreadableCertificate"
  const facets = read.success
  if (facets.brokenAt !== -1 || !facets.isTrusted) return "UntrustedRoot"
  if (facets.isExpired || facets.isNotYetValid) return "NotInTime"
  return signer.x509.checkEmail(from) === undefined ? "OtherAddress" : ""
}

const scanned = gate<{ readonly isFound: boolean; readonly isEncrypted: boolean }>()({
  name: "service-scan",
  facts: ["CRY-205", "EXO-193"],
  reads: ["isFound", "isEncrypted"],
  check: ({ isFound, isEncrypted }) => {
    if (!isFound) return deny("There is no message in S/MIME of this id.")
    return isEncrypted
      ? deny("The service has no private key, so it can neither scan nor index the content.")
      : pass("The content is only signed, so the service can read it.")
  },
})

export const scanSmimeMessage = cryptoOperation({
  name: "scan-smime-message",
  summary: "The service tries to read the stored bytes of a message in S/MIME.",
  params: Schema.Struct({ message: text("Id of the message"), contains: text("Text to look for") }),
  facts: ["CRY-205"],
  isReadOnly: true,
  decide: ({ world }, params) =>
    Effect.gen(function* () {
      const message = ownValue(world.crypto.smime.messages, params.message)
      const blobs = yield* BlobStore
      const copies = yield* Effect.forEach(message?.copies ?? [], ({ blob }) =>
        Effect.orElseSucceed(blobs.get(blob), () => new Uint8Array()),
      )
      const layers = yield* Effect.forEach(copies, (bytes) => readLayers(bytes, undefined))
      const isEncrypted = layers.some((it) => it.isEncrypted)
      const isThere =
        copies.some((bytes) => bytesContain(bytes, params.contains)) ||
        layers.some((it) => it.text?.includes(params.contains) === true)
      return {
        decision: decideByGates([scanned], { isFound: message !== undefined, isEncrypted }),
        output: [{ message: params.message, Encrypted: isEncrypted, Found: isThere }],
      }
    }),
})
