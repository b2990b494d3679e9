import type { CryptoWorld } from "@twin/crypto"
import type { IdentityWorld } from "@twin/identity"
import { HashMap, Option } from "effect"
import {
  type ClassificationState,
  initialClassification,
} from "./classification/ClassificationState.ts"
import { initialRmsConnector, type RmsConnector } from "./connector/RmsConnector.ts"
import type { DoubleKeyService } from "./DoubleKeyService.ts"
import { defaultTemplatesOf } from "./defaultTemplates.ts"
import type { Label } from "./Label.ts"
import type { LabelPolicy } from "./LabelPolicy.ts"
import type { LocalDocument } from "./LocalDocument.ts"
import { initialLabeling, type LabelingState } from "./labelingEvents.ts"
import type { Protection, ProtectionTemplate } from "./Protection.ts"
import { type AdminLogLine, defaultRmsService, type RmsService } from "./RmsService.ts"
import { initialLedger, type ServiceLedger } from "./ServiceLedger.ts"
import {
  initialSharingApplication,
  type SharingApplicationState,
} from "./sharing-application/SharingApplication.ts"
import type { AccessAttempt, TrackedContent } from "./TrackedContent.ts"
import type {
  CachedMembership,
  RightsAccountCertificate,
  UseLicenceRecord,
} from "./UseLicenceRecord.ts"

/** The slice of this domain. Read it through the accessors: the fields are indexes and will change. */
export interface MipState {
  readonly service: RmsService
  readonly ledger: ServiceLedger
  /** The relay for servers on premises. */
  readonly connector: RmsConnector
  /** The client of former years, and what was shared with it. */
  readonly sharingApplication: SharingApplicationState
  /** Administrators with a session of the AIPService module, lower case. */
  readonly connected: readonly string[]
  readonly adminLog: readonly AdminLogLine[]
  /** By GUID. */
  readonly labels: HashMap.HashMap<string, Label>
  /** GUID by name, lower case; names of removed labels stay (MIP-101). */
  readonly labelNames: HashMap.HashMap<string, string>
  /** Lowest priority first (MIP-129). */
  readonly policies: readonly LabelPolicy[]
  readonly templates: HashMap.HashMap<string, ProtectionTemplate>
  readonly doubleKeyServices: HashMap.HashMap<string, DoubleKeyService>
  readonly protections: HashMap.HashMap<string, Protection>
  readonly tracked: HashMap.HashMap<string, TrackedContent>
  /** Requests for licences by content, oldest first. */
  readonly attempts: HashMap.HashMap<string, readonly AccessAttempt[]>
  readonly certificates: HashMap.HashMap<string, RightsAccountCertificate>
  readonly memberships: HashMap.HashMap<string, CachedMembership>
  /** By content and address. */
  readonly licences: HashMap.HashMap<string, UseLicenceRecord>
  readonly documents: HashMap.HashMap<string, LocalDocument>
  /** Document id by name, lower case; of the last one saved under that name. */
  readonly documentNames: HashMap.HashMap<string, string>
  /** What is recognised in texts beside the built-in types. */
  readonly classification: ClassificationState
  /** What services label by themselves, and switches around labels. */
  readonly labeling: LabelingState
}

/** Every world of this domain and of those above it. */
export interface MipWorld extends IdentityWorld, CryptoWorld {
  readonly mip: MipState
}

/** The service is on; no labels and no policy, until an administrator makes some (MIP-104). */
export const initialState: MipState = {
  service: defaultRmsService,
  ledger: initialLedger,
  connector: initialRmsConnector,
  sharingApplication: initialSharingApplication,
  connected: [],
  adminLog: [],
  labels: HashMap.empty(),
  labelNames: HashMap.empty(),
  policies: [],
  templates: HashMap.empty(),
  doubleKeyServices: HashMap.empty(),
  protections: HashMap.empty(),
  tracked: HashMap.empty(),
  attempts: HashMap.empty(),
  certificates: HashMap.empty(),
  memberships: HashMap.empty(),
  licences: HashMap.empty(),
  documents: HashMap.empty(),
  documentNames: HashMap.empty(),
  classification: initialClassification,
  labeling: initialLabeling,
}

/** One licence for each person and content (MIP-028). */
export const licenceKey = (contentId: string, address: string): string =>
  `${contentId} ${address.toLowerCase()}`

export const rmsServiceOf = (world: MipWorld): RmsService => world.mip.service

export const adminLogOf = (world: MipWorld): readonly AdminLogLine[] => world.mip.adminLog

/** What the service knows about a protected content of this tenant. */
export const protectionOf = (world: MipWorld, contentId: string): Protection | undefined =>
  found(world.mip.protections, contentId.toLowerCase())

/** Contents this tenant has protected, sorted. */
export const contentIdsOf = (world: MipWorld): readonly string[] =>
  [...HashMap.keys(world.mip.protections)].toSorted()

/** A template, published or archived, the service's own included. */
export const templateOf = (world: MipWorld, idOrName: string): ProtectionTemplate | undefined => {
  const wanted = idOrName.toLowerCase()
  return (
    found(world.mip.templates, wanted) ??
    defaultTemplatesOf(world).find(({ templateId }) => templateId === wanted) ??
    templatesOf(world).find(({ name }) => name.toLowerCase() === wanted)
  )
}

/** All templates, sorted by name; one that was stored stands before the service's own of its id. */
export const templatesOf = (world: MipWorld): readonly ProtectionTemplate[] =>
  [
    ...HashMap.values(world.mip.templates),
    ...defaultTemplatesOf(world).filter(
      ({ templateId }) => !HashMap.has(world.mip.templates, templateId),
    ),
  ].toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.templateId < b.templateId ? -1 : 1,
  )

export const ledgerOf = (world: MipWorld): ServiceLedger => world.mip.ledger

export const trackedContentOf = (world: MipWorld, contentId: string): TrackedContent | undefined =>
  found(world.mip.tracked, contentId.toLowerCase())

/** Registered contents, sorted by id. */
export const trackedContentsOf = (world: MipWorld): readonly TrackedContent[] =>
  [...HashMap.values(world.mip.tracked)].toSorted((a, b) => (a.contentId < b.contentId ? -1 : 1))

/** Who asked for a licence, oldest first. */
export const attemptsOf = (world: MipWorld, contentId: string): readonly AccessAttempt[] =>
  found(world.mip.attempts, contentId.toLowerCase()) ?? []

/** The licence that lies on the reader's device, valid or not. */
export const useLicenceOf = (
  world: MipWorld,
  contentId: string,
  address: string,
): UseLicenceRecord | undefined =>
  found(world.mip.licences, licenceKey(contentId.toLowerCase(), address))

export const certificateOf = (
  world: MipWorld,
  address: string,
): RightsAccountCertificate | undefined => found(world.mip.certificates, address.toLowerCase())

export const cachedMembershipOf = (
  world: MipWorld,
  address: string,
): CachedMembership | undefined => found(world.mip.memberships, address.toLowerCase())

/** When somebody last signed in to the service on the own device (MIP-190). */
export const signedInAtOf = (world: MipWorld, address: string): number | undefined =>
  Option.getOrUndefined(HashMap.get(world.mip.ledger.signIns, address.toLowerCase()))

export const doubleKeyServiceOf = (world: MipWorld, url: string): DoubleKeyService | undefined =>
  found(world.mip.doubleKeyServices, url)

/** A file outside SharePoint and mail, by id or by name (the last one saved under it). */
export const localDocumentOf = (world: MipWorld, idOrName: string): LocalDocument | undefined => {
  const direct = found(world.mip.documents, idOrName)
  if (direct !== undefined) return direct
  const id = found(world.mip.documentNames, idOrName.toLowerCase())
  return id === undefined ? undefined : found(world.mip.documents, id)
}

/** Whether an administrator has a session of the AIPService module (MIP-009). */
export const isConnected = (world: MipWorld, admin: string): boolean =>
  world.mip.connected.includes(admin.toLowerCase())

const found = <A>(map: HashMap.HashMap<string, A>, key: string): A | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))
