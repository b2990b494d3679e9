import { HashMap, Option } from "effect"
import { evolveClassification } from "./classification/ClassificationState.ts"
import { evolveConnector } from "./connector/evolveConnector.ts"
import { evolveLedger, withActivation, withVersion } from "./evolveLedger.ts"
import type { Label } from "./Label.ts"
import type { LabelPolicy } from "./LabelPolicy.ts"
import { evolveLabeling } from "./labelingEvents.ts"
import { MipEvent } from "./MipEvent.ts"
import type { ProtectionTemplate } from "./Protection.ts"
import type { RmsService, RmsServiceChanges } from "./RmsService.ts"
import { licenceKey, type MipState } from "./State.ts"

/** The only place where this slice changes. Pure and total. */
export const evolve = (state: MipState, event: MipEvent): MipState =>
  MipEvent.match(event, {
    ...evolveLedger(state),
    ...withClassification(state),
    ...evolveLabeling(state),
    ...evolveConnector(state),
    SharingApplicationInstalled: ({ installation }) => ({
      ...state,
      sharingApplication: {
        ...state.sharingApplication,
        installations: HashMap.set(
          state.sharingApplication.installations,
          installation.address.toLowerCase(),
          installation,
        ),
      },
    }),
    ContentShared: ({ shared }) => ({
      ...state,
      sharingApplication: {
        ...state.sharingApplication,
        shared: HashMap.set(
          state.sharingApplication.shared,
          shared.contentId.toLowerCase(),
          shared,
        ),
      },
    }),
    AipServiceConnected: ({ admin }) => ({
      ...state,
      connected: [...new Set([...state.connected, admin.toLowerCase()])].toSorted(),
    }),
    AipServiceDisconnected: ({ admin }) => ({
      ...state,
      connected: state.connected.filter((it) => it !== admin.toLowerCase()),
    }),
    RmsServiceConfigured: ({ changes, line }) => ({
      ...state,
      service: configured(state.service, changes),
      ledger: withActivation(state.ledger, changes.functionalState, line.at),
      adminLog: [...state.adminLog, line],
    }),
    TemplateStored: ({ template, at }) => withVersion(stored(state, template), template, at),
    TemplateRemoved: ({ templateId }) => ({
      ...state,
      templates: HashMap.remove(state.templates, templateId),
    }),
    LabelCreated: ({ label }) => withLabel(state, label),
    LabelChanged: ({ label }) =>
      HashMap.has(state.labels, label.id) ? withLabel(state, label) : state,
    LabelMoved: ({ labelId, priority, at }) => moved(state, labelId, priority, at),
    LabelRemoved: ({ labelId }) => withoutLabel(state, labelId),
    LabelPolicyCreated: ({ policy }) => ({
      ...state,
      policies: [...state.policies.filter((it) => it.name !== policy.name), policy],
    }),
    LabelPolicyChanged: ({ policy }) => ({
      ...state,
      policies: state.policies.map((it) => (it.name === policy.name ? policy : it)),
    }),
    LabelPolicyMoved: ({ name, position }) => ({
      ...state,
      policies: reordered(state.policies, name, position),
    }),
    LabelPolicyRemoved: ({ name }) => ({
      ...state,
      policies: state.policies.filter((it) => it.name !== name),
    }),
    DoubleKeyServiceSet: ({ service }) => ({
      ...state,
      doubleKeyServices: HashMap.set(state.doubleKeyServices, service.url, service),
    }),
    ContentProtected: ({ protection }) => ({
      ...state,
      protections: HashMap.set(state.protections, protection.contentId, protection),
    }),
    ContentRegistered: ({ content }) =>
      // The first name stays: several attachments can share one id (MIP-223).
      HashMap.has(state.tracked, content.contentId)
        ? state
        : { ...state, tracked: HashMap.set(state.tracked, content.contentId, content) },
    ContentRevoked: ({ contentId, by, at }) => revoked(state, contentId, { by, at }),
    RevocationCleared: ({ contentId }) => revoked(state, contentId, undefined),
    IdentityCertified: ({ certificate }) => ({
      ...state,
      certificates: HashMap.set(state.certificates, certificate.address, certificate),
    }),
    MembershipCached: ({ membership }) => ({
      ...state,
      memberships: HashMap.set(state.memberships, membership.address, membership),
    }),
    UseLicenceIssued: ({ licence }) => ({
      ...state,
      licences: HashMap.set(
        state.licences,
        licenceKey(licence.contentId, licence.address),
        licence,
      ),
    }),
    LicenceRequested: ({ contentId, attempt }) => ({
      ...state,
      attempts: HashMap.modifyAt(state.attempts, contentId, (known) =>
        Option.some([...Option.getOrElse(known, () => []), attempt]),
      ),
    }),
    LocalDocumentSaved: ({ document }) => ({
      ...state,
      documents: HashMap.set(state.documents, document.id, document),
      documentNames: HashMap.set(state.documentNames, document.name.toLowerCase(), document.id),
    }),
    LocalDocumentChanged: ({ document }) =>
      HashMap.has(state.documents, document.id)
        ? { ...state, documents: HashMap.set(state.documents, document.id, document) }
        : state,
  })

/** What changes the rules of recognition leaves the rest of the slice alone. */
const withClassification = (state: MipState) => {
  const evolved = evolveClassification(state.classification)
  const inSlice =
    <E>(next: (event: E) => MipState["classification"]) =>
    (event: E): MipState => ({ ...state, classification: next(event) })
  return {
    RulePackageStored: inSlice(evolved.RulePackageStored),
    RulePackageRemoved: inSlice(evolved.RulePackageRemoved),
    FingerprintTypeStored: inSlice(evolved.FingerprintTypeStored),
    FingerprintTypeRemoved: inSlice(evolved.FingerprintTypeRemoved),
    KeywordDictionaryStored: inSlice(evolved.KeywordDictionaryStored),
    KeywordDictionaryRemoved: inSlice(evolved.KeywordDictionaryRemoved),
    ExactSchemaStored: inSlice(evolved.ExactSchemaStored),
    ExactSchemaRemoved: inSlice(evolved.ExactSchemaRemoved),
    ExactTableUploaded: inSlice(evolved.ExactTableUploaded),
    ClassifierTrainingStarted: inSlice(evolved.ClassifierTrainingStarted),
    ClassifierTrained: inSlice(evolved.ClassifierTrained),
    ClassifierPublished: inSlice(evolved.ClassifierPublished),
  }
}

const configured = (service: RmsService, changes: RmsServiceChanges): RmsService => {
  const { superUserGroup, doNotTrackGroup, ...plain } = changes
  const { superUserGroup: group, doNotTrackGroup: untracked, ...rest } = service
  const nextGroup = superUserGroup === undefined ? group : superUserGroup
  const nextUntracked = doNotTrackGroup === undefined ? untracked : doNotTrackGroup
  return {
    ...rest,
    ...plain,
    ...(typeof nextGroup === "string" ? { superUserGroup: nextGroup } : {}),
    ...(typeof nextUntracked === "string" ? { doNotTrackGroup: nextUntracked } : {}),
  }
}

const stored = (state: MipState, template: ProtectionTemplate): MipState => ({
  ...state,
  templates: HashMap.set(state.templates, template.templateId, template),
})

/** Every label with assigned permissions has a template of the same name behind it (MIP-201). */
const withLabel = (state: MipState, label: Label): MipState => {
  const next = {
    ...state,
    labels: HashMap.set(state.labels, label.id, label),
    labelNames: HashMap.set(state.labelNames, label.name.toLowerCase(), label.id),
  }
  const template = templateBehind(label)
  return template === undefined
    ? next
    : withVersion(stored(next, template), template, label.changedAt)
}

const templateBehind = (label: Label): ProtectionTemplate | undefined => {
  const { encryption } = label
  if (encryption?.templateId === undefined) return undefined
  return {
    templateId: encryption.templateId,
    name: label.displayName,
    description: label.tooltip,
    status:
      encryption.isEnabled && encryption.protectionType === "Template" ? "Published" : "Archived",
    grants: encryption.grants,
    contentExpiry: encryption.contentExpiry,
    licenceValidityDays: encryption.offlineAccessDays,
    scopedIdentities: [],
    isReadOnly: false,
    labelId: label.id,
    ...(encryption.doubleKeyUrl === undefined ? {} : { doubleKeyUrl: encryption.doubleKeyUrl }),
  }
}

const withoutLabel = (state: MipState, labelId: string): MipState => {
  const label = Option.getOrUndefined(HashMap.get(state.labels, labelId))
  if (label === undefined) return state
  const template = templateBehind(label)
  const next = renumbered({ ...state, labels: HashMap.remove(state.labels, labelId) })
  return template === undefined ? next : stored(next, { ...template, status: "Archived" })
}

const byPriority = (labels: Iterable<Label>): readonly Label[] =>
  [...labels].toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))

const renumbered = (state: MipState): MipState =>
  inOrder(state, byPriority(HashMap.values(state.labels)))

const inOrder = (state: MipState, ordered: readonly Label[]): MipState => ({
  ...state,
  labels: HashMap.fromIterable(
    ordered.map((label, priority) => [label.id, { ...label, priority }] as const),
  ),
})

const moved = (state: MipState, labelId: string, priority: number, at: number): MipState => {
  const label = Option.getOrUndefined(HashMap.get(state.labels, labelId))
  if (label === undefined) return state
  const others = byPriority(HashMap.values(state.labels)).filter(({ id }) => id !== labelId)
  return inOrder(state, others.toSpliced(priority, 0, { ...label, changedAt: at }))
}

const reordered = (
  policies: readonly LabelPolicy[],
  name: string,
  position: number,
): readonly LabelPolicy[] => {
  const policy = policies.find((it) => it.name === name)
  if (policy === undefined) return policies
  return policies.filter((it) => it !== policy).toSpliced(position, 0, policy)
}

const revoked = (
  state: MipState,
  contentId: string,
  revocation: { readonly by: string; readonly at: number } | undefined,
): MipState => ({
  ...state,
  protections: HashMap.modify(state.protections, contentId, ({ revokedAt: _at, ...rest }) => ({
    ...rest,
    ...(revocation === undefined ? {} : { revokedAt: revocation.at }),
  })),
  tracked: HashMap.modify(
    state.tracked,
    contentId,
    ({ revokedAt: _at, revokedBy: _by, ...rest }) => ({
      ...rest,
      ...(revocation === undefined ? {} : { revokedAt: revocation.at, revokedBy: revocation.by }),
    }),
  ),
})
