import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import {
  blobContainers,
  blobsIn,
  containerAccess,
  credentialGeneration,
  isRequestSigned,
  signRequest,
} from "../at-rest/blobContainers.ts"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { cipherSuiteOf } from "../transport/CipherSuite.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

interface ContainerFacets {
  readonly isContainer: boolean
  readonly access: string
  readonly credential: string
  readonly isCurrent: boolean
  readonly isSigned: boolean
  readonly isFound: boolean
}

const containerKnown = gate<ContainerFacets>()({
  name: "blob-container",
  facts: ["CRY-027"],
  reads: ["isContainer"],
  check: ({ isContainer }) =>
    isContainer
      ? pass("There is such a container, one of several over which chunks are spread.")
      : deny("There is no such container."),
})

const credentialFits = gate<ContainerFacets>()({
  name: "container-credential",
  facts: ["CRY-029"],
  reads: ["access", "credential", "isCurrent", "isSigned"],
  check: ({ access, credential, isCurrent, isSigned }) => {
    if (isSigned) return pass("The credential is the one for this kind of access.", { access })
    return isCurrent
      ? deny("A credential serves one kind of access, and this is another.", { access, credential })
      : deny("The credential was refreshed since, and the old one serves no longer.", {
          credential,
        })
  },
})

const blobThere = gate<ContainerFacets>()({
  name: "blob",
  facts: ["CRY-027"],
  reads: ["access", "isFound"],
  check: ({ access, isFound }) =>
    access === "enumerate" || isFound
      ? pass("The container holds what was asked for, as ciphertext.")
      : deny("The container holds no blob of this name."),
})

const literal = Schema.Literals(containerAccess)

export const accessBlobContainer = cryptoOperation({
  name: "access-blob-container",
  summary: "Somebody who holds a container's credential uses it on the chunks in there.",
  params: Schema.Struct({
    container: text("container-0 to container-7"),
    access: literal.annotate({ description: "What is to be done" }),
    credential: Schema.optionalKey(
      literal.annotate({
        description: "Kind of credential that is held; the fitting one unless given",
      }),
    ),
    credentialFrom: Schema.optionalKey(
      Schema.Finite.annotate({
        description: "Moment it was taken, in epoch milliseconds; now unless given",
      }),
    ),
    blob: Schema.optionalKey(text("Name of a blob, as enumerating shows it")),
  }),
  facts: ["CRY-027", "CRY-029", "CRY-030"],
  decide: ({ world, now }, o) =>
    Effect.gen(function* () {
      const { container, access, credential = access, credentialFrom = now, blob = "" } = o
      const isContainer = blobContainers.includes(container)
      const request = { container, access, blob }
      const held = { access: credential, generation: credentialGeneration(credentialFrom) }
      const isSigned =
        isContainer && (yield* isRequestSigned(request, yield* signRequest(held, request), now))
      const there = isSigned ? yield* blobsIn(world, container) : []
      const found = there.find(({ name }) => name === blob)
      const decision = decideByGates([containerKnown, credentialFits, blobThere], {
        isContainer,
        access,
        credential,
        isCurrent: held.generation === credentialGeneration(now),
        isSigned,
        isFound: access === "write" || found !== undefined,
      })
      if (decision.outcome !== "allow") return { decision }
      const blobs = yield* BlobStore
      if (access === "enumerate") return { decision, output: there.map(({ name }) => ({ name })) }
      const bytes = Option.getOrElse(
        yield* Effect.option(blobs.get(found?.blobId ?? "")),
        () => new Uint8Array(0),
      )
      if (access === "delete") yield* blobs.remove(found?.blobId ?? "")
      const firstBytes = access === "read" ? Buffer.from(bytes.subarray(0, 32)).toString("hex") : ""
      return { decision, output: [{ name: blob, bytes: bytes.length, firstBytes }] }
    }),
})

interface AddressFacets {
  readonly scheme: string
  readonly keyBits: number
}

const httpsOnly = gate<AddressFacets>()({
  name: "https-only",
  facts: ["CRY-032"],
  reads: ["scheme"],
  check: ({ scheme }) =>
    scheme === "https:"
      ? pass("The connection is encrypted.", { scheme })
      : deny(
          "No signed-in connection is taken without encryption: the client is sent on.",
          { scheme },
          { code: "301", message: "Moved Permanently" },
        ),
})

const serverKeyLength = gate<AddressFacets>()({
  name: "server-key",
  facts: ["CRY-032"],
  reads: ["keyBits"],
  check: ({ keyBits }) =>
    keyBits >= 2048
      ? pass("The server shows a key of full length.", { keyBits })
      : deny("The server's key is too short.", { keyBits }),
})

export const connectToSite = cryptoOperation({
  name: "connect-to-site",
  summary: "A signed-in client connects to an address of SharePoint or OneDrive.",
  params: Schema.Struct({ url: text("Address with its scheme, http:// or https://") }),
  facts: ["CRY-032"],
  decide: (_call, { url }) =>
    Effect.gen(function* () {
      const address = URL.canParse(url) ? new URL(url) : undefined
      const isHost = /^[a-z0-9-]+\.sharepoint\.com$/.test(address?.hostname ?? "")
      const known = decideByGates([siteKnown], { isHost })
      if (address === undefined || !isHost) return { decision: known }
      const vault = yield* KeyVault
      const keyId = `tls-server-key/${address.hostname}`
      if (address.protocol === "https:") yield* vault.createKeyPair(keyId)
      const publicKey = yield* Effect.option(vault.publicKey(keyId))
      const keyBits = Option.isSome(publicKey)
        ? (publicKey.value.asymmetricKeyDetails?.modulusLength ?? 0)
        : 0
      const facets = { isHost, scheme: address.protocol, keyBits }
      const decision = decideByGates([siteKnown, httpsOnly, serverKeyLength], facets)
      const secure = `https://${address.host}${address.pathname}${address.search}`
      const output =
        decision.outcome === "allow"
          ? [{ status: 200, location: "", keyBits }]
          : [{ status: 301, location: secure, keyBits }]
      return { decision, output }
    }),
})

const siteKnown = gate<{ readonly isHost: boolean }>()({
  name: "site-address",
  facts: ["CRY-032"],
  reads: ["isHost"],
  check: ({ isHost }) =>
    isHost
      ? pass("The address is one of the service.")
      : deny("This is no address of the service."),
})

interface ReplicationFacets {
  readonly what: string
  readonly network: string
  readonly transport: string
  readonly tlsVersion: string
  readonly keyBits: number
  readonly issuer: string
}

const privateNetwork = gate<ReplicationFacets>()({
  name: "private-network",
  facts: ["CRY-033"],
  reads: ["network"],
  check: ({ network }) =>
    network === "private"
      ? pass("The datacenters have a network of their own.", { network })
      : deny("Copies between datacenters take the private network only.", { network }),
})

const replicationTransport = gate<ReplicationFacets>()({
  name: "replication-transport",
  facts: ["CRY-033"],
  reads: ["what", "transport", "tlsVersion", "keyBits"],
  check: ({ what, transport, tlsVersion, keyBits }) => {
    if (what === "Media") {
      return transport === "SRTP"
        ? pass("Media go over SRTP.", { transport })
        : deny("Media between datacenters go over SRTP.", { transport })
    }
    if (transport !== "TLS" || tlsVersion !== "1.2") {
      return deny("Servers of two datacenters speak TLS 1.2.", { transport, tlsVersion })
    }
    return keyBits === 256
      ? pass("The servers speak TLS 1.2 with AES of 256 bits.", { tlsVersion, keyBits })
      : deny("The cipher between datacenters has 256 bits.", { keyBits })
  },
})

const internalAuthority = gate<ReplicationFacets>()({
  name: "internal-authority",
  facts: ["CRY-033"],
  reads: ["what", "issuer"],
  check: ({ what, issuer }) =>
    what === "Media" || issuer === "internal"
      ? pass("The authority behind the servers' certificates is the service's own.")
      : deny("Servers trust certificates of the service's own authority only.", { issuer }),
})

export const replicateContent = cryptoOperation({
  name: "replicate-content",
  summary: "Data goes from one datacenter to another: logs of the database, changed blobs, media.",
  params: Schema.Struct({
    what: Schema.Literals(["SqlTransactionLog", "BlobDelta", "Media"]).annotate({
      description: "What is copied",
    }),
    network: Schema.optionalKey(
      Schema.Literals(["private", "internet"]).annotate({ description: "private unless given" }),
    ),
    transport: Schema.optionalKey(
      Schema.Literals(["TLS", "SRTP", "none"]).annotate({
        description: "The one that belongs to it unless given",
      }),
    ),
    tlsVersion: Schema.optionalKey(Schema.Literals(["1.0", "1.1", "1.2"])),
    cipherSuite: Schema.optionalKey(text("Suite of the connection")),
    issuer: Schema.optionalKey(
      Schema.Literals(["internal", "public"]).annotate({
        description: "Whose certificate the other server shows; internal unless given",
      }),
    ),
  }),
  facts: ["CRY-033"],
  isReadOnly: true,
  decide: (_call, o) => {
    const suite = o.cipherSuite ?? "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    const decision = decideByGates([privateNetwork, replicationTransport, internalAuthority], {
      what: o.what,
      network: o.network ?? "private",
      transport: o.transport ?? (o.what === "Media" ? "SRTP" : "TLS"),
      tlsVersion: o.tlsVersion ?? "1.2",
      keyBits: cipherSuiteOf(suite)?.keyBits ?? 0,
      issuer: o.issuer ?? "internal",
    })
    return { decision }
  },
})
