import { type Dated, decideByGates, deny, gate, inForce, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { BlobStore } from "../BlobStore.ts"
import { openHeld, sealHeld } from "../hold-your-own-key/heldContent.ts"
import { KeyVault } from "../KeyVault.ts"
import { ownValue } from "../ownValue.ts"
import { protectBytes } from "../rights/protectBytes.ts"
import type { CryptoEvent } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** The classic client, without which nobody protects this way, is gone since its page went. */
const classicClient: Dated<boolean> = {
  before: true,
  changes: [{ from: "2022-02-14", value: false }],
}

interface HeldFacets {
  readonly isKnown: boolean
  readonly hasClassicClient: boolean
  readonly client:
    | "office-2013-or-later"
    | "office-2010"
    | "mac"
    | "mobile"
    | "outlook-mobile"
    | "cloud-service"
  readonly isProtecting: boolean
  readonly isMember: boolean
}

const known = gate<HeldFacets>()({
  name: "rights-server",
  facts: ["CRY-172"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The cluster on premises and the content are there.")
      : deny("There is no such cluster on premises, or no such content."),
})

const heldClient = gate<HeldFacets>()({
  name: "held-key-client",
  facts: ["CRY-172"],
  reads: ["client", "isProtecting", "hasClassicClient"],
  check: ({ client, isProtecting, hasClassicClient }) => {
    if (client === "cloud-service") return deny("For the cloud the content is opaque.", { client })
    if (!isProtecting) {
      return client === "outlook-mobile"
        ? deny("Outlook on a phone does not open such content.", { client })
        : pass("The program opens what the cluster gives it a licence for.", { client })
    }
    if (!hasClassicClient) return deny("The classic client that protected this way is gone.")
    return client === "office-2013-or-later"
      ? pass("Office with the classic client on Windows protects with the cluster's key.")
      : deny("Only Office 2013 and later with the classic client on Windows protects.", { client })
  },
})

const heldMember = gate<HeldFacets>()({
  name: "held-key-reader",
  facts: ["CRY-172"],
  reads: ["isMember"],
  check: ({ isMember }) =>
    isMember
      ? pass("The person has an account on premises and is among the readers.")
      : deny("The cluster gives licences to its own people alone, not to anybody outside."),
})

const rules = [known, heldClient, heldMember] as const

export const installRightsServer = cryptoOperation({
  name: "install-rights-server",
  summary: "Sets up an AD RMS cluster on premises, with its own key (legacy).",
  params: Schema.Struct({
    url: text("Address of the cluster"),
    members: Schema.Array(Schema.NonEmptyString),
  }),
  roles: ["Global Administrator"],
  facts: ["CRY-172"],
  decide: ({ now, draw }, { url, members }) =>
    Effect.gen(function* () {
      const keyId = `rights-server/${draw.guid("rights server key")}`
      yield* (yield* KeyVault).createKeyPair(keyId)
      const people = members.map((it) => it.toLowerCase())
      const server = { url, keyId, members: people, installedAt: now }
      const facets = { isKnown: true }
      const installed: CryptoEvent = { _tag: "RightsServerInstalled", server }
      return { decision: decideByGates([known], facets), events: [installed] }
    }),
})

const Client = Schema.Literals([
  "office-2013-or-later",
  "office-2010",
  "mac",
  "mobile",
  "outlook-mobile",
  "cloud-service",
])

export const protectWithHeldKey = cryptoOperation({
  name: "protect-with-held-key",
  summary: "Protects with the key of a cluster on premises alone (legacy).",
  params: Schema.Struct({
    server: text("Address of the cluster"),
    content: text("The text"),
    readers: Schema.Array(Schema.NonEmptyString),
    client: Client,
  }),
  facts: ["CRY-172"],
  secrets: ["content"],
  decide: ({ world, now: at, actor, draw }, o) =>
    Effect.gen(function* () {
      const server = ownValue(world.crypto.holdYourOwnKey.servers, o.server)
      const decision = decideByGates(rules, {
        isKnown: server !== undefined,
        hasClassicClient: inForce(classicClient, at),
        client: o.client,
        isProtecting: true,
        isMember: server?.members.includes(actor.id.toLowerCase()) === true,
      })
      if (decision.outcome !== "allow" || server === undefined) return { decision }
      const contentId = draw.guid("held content")
      const readers = o.readers.map((it) => it.toLowerCase())
      const content = {
        contentId,
        serverUrl: server.url,
        blobId: `held/${contentId}`,
        owner: actor.id.toLowerCase(),
        readers,
      }
      yield* sealHeld(server, content, Buffer.from(o.content))
      const protectedNow: CryptoEvent = { _tag: "HeldContentProtected", content, at }
      return { decision, events: [protectedNow], output: [{ id: contentId }] }
    }),
})

export const openHeldContent = cryptoOperation({
  name: "open-held-content",
  summary: "Opens content under the key of a cluster on premises (legacy).",
  params: Schema.Struct({ contentId: text("Id of the content"), client: Client }),
  facts: ["CRY-172", "CRY-173"],
  isReadOnly: true,
  decide: ({ world, actor, now }, { contentId, client }) =>
    Effect.gen(function* () {
      const { contents, servers } = world.crypto.holdYourOwnKey
      const content = ownValue(contents, contentId)
      const server = content && ownValue(servers, content.serverUrl)
      const self = actor.id.toLowerCase()
      const opened =
        content === undefined || server === undefined || content.relabelledAs !== undefined
          ? Option.none<Uint8Array>()
          : yield* openHeld(server, content)
      const isReader = content?.owner === self || content?.readers.includes(self) === true
      const decision = decideByGates(rules, {
        isKnown: Option.isSome(opened),
        hasClassicClient: inForce(classicClient, now),
        client,
        isProtecting: false,
        isMember: isReader && server?.members.includes(self) === true,
      })
      if (decision.outcome !== "allow" || Option.isNone(opened)) return { decision }
      return { decision, output: [{ text: Buffer.from(opened.value).toString() }] }
    }),
})

const scanned = gate<{ readonly problem: string }>()({
  name: "scanner-relabels",
  facts: ["CRY-173"],
  reads: ["problem"],
  check: ({ problem }) =>
    problem === ""
      ? pass("The scanner opens the content on premises and protects it with the second key.")
      : deny("The scanner cannot give the content another label.", { problem }),
})

const refused = (problem: string) => ({ decision: decideByGates([scanned], { problem }) })

export const relabelWithScanner = cryptoOperation({
  name: "relabel-with-scanner",
  summary: "Moves content from a cluster's key to a second key: the only way there is (legacy).",
  params: Schema.Struct({
    contentId: text("Id of the content"),
    doubleKeyUrl: text("https://host/KeyName of the new label"),
  }),
  roles: ["Global Administrator", "Compliance Administrator"],
  facts: ["CRY-173"],
  decide: ({ world, now: at }, { contentId, doubleKeyUrl }) =>
    Effect.gen(function* () {
      const { contents, servers } = world.crypto.holdYourOwnKey
      const content = ownValue(contents, contentId)
      const server = content && ownValue(servers, content.serverUrl)
      if (content === undefined || server === undefined) return refused("unknown content")
      if (content.relabelledAs !== undefined) return refused("done before")
      const plaintext = yield* openHeld(server, content)
      if (Option.isNone(plaintext)) return refused("does not open")
      const grants = content.readers.map((who) => ({ who, rights: ["VIEW"] }))
      const policy = { contentId, owner: content.owner, issuedAt: at, grants, doubleKeyUrl }
      const sealed = yield* Effect.option(
        protectBytes(world, { contentId, plaintext: plaintext.value, policy }),
      )
      if (Option.isNone(sealed)) return refused("no public key")
      yield* (yield* BlobStore).put(content.blobId, sealed.value.bytes)
      const relabelled: CryptoEvent = { _tag: "HeldContentRelabelled", contentId, doubleKeyUrl, at }
      const { decision } = refused("")
      return { decision, events: [...sealed.value.events, relabelled] }
    }),
})

/** Everything about keys on premises, which is history. */
export const holdYourOwnKeyOperations = [
  installRightsServer,
  protectWithHeldKey,
  openHeldContent,
  relabelWithScanner,
]
