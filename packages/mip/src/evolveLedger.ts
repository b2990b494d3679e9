import { canonicalJson } from "@twin/kernel"
import { HashMap, Option } from "effect"
import type { ledgerEvents } from "./ledgerEvents.ts"
import type { MipEvent } from "./MipEvent.ts"
import type { ProtectionTemplate } from "./Protection.ts"
import type { ServiceLedger } from "./ServiceLedger.ts"
import type { MipState } from "./State.ts"

type Tag = keyof typeof ledgerEvents
type Handlers = {
  readonly [T in Tag]: (event: Extract<MipEvent, { readonly _tag: T }>) => MipState
}

/** How the events of the ledger change the slice: part of `evolve`. */
export const evolveLedger = (state: MipState): Handlers => {
  const { ledger } = state
  const put = (changes: Partial<ServiceLedger>): MipState => ({
    ...state,
    ledger: { ...ledger, ...changes },
  })
  return {
    RmsSubscriptionChanged: ({ subscription, functionalState }) => ({
      ...put({ subscription }),
      service: { ...state.service, functionalState },
    }),
    PublishingDomainExported: ({ at }) =>
      put({ subscription: { ...ledger.subscription, publishingDomainExportedAt: at } }),
    RoleBasedAdministratorAdded: ({ administrator }) =>
      put({
        administrators: [
          ...ledger.administrators.filter(
            ({ objectId, role }) =>
              objectId !== administrator.objectId || role !== administrator.role,
          ),
          administrator,
        ],
      }),
    RoleBasedAdministratorRemoved: ({ objectId, role }) =>
      put({
        administrators: ledger.administrators.filter(
          (it) => it.objectId !== objectId || it.role !== role,
        ),
      }),
    RoleBasedAdministratorsCleared: () => put({ administrators: [] }),
    ServiceRequested: ({ request }) =>
      put({ requests: HashMap.set(ledger.requests, HashMap.size(ledger.requests), request) }),
    RmsSignedIn: ({ address, at }) =>
      put({ signIns: HashMap.set(ledger.signIns, address.toLowerCase(), at) }),
    ConnectorServerAuthorized: ({ server }) =>
      put({
        connectorServers: [
          ...ledger.connectorServers.filter(({ account }) => account !== server.account),
          server,
        ],
      }),
    MailboxDelegated: ({ mailbox, delegate, isGranted }) => {
      const before = Option.getOrElse(HashMap.get(ledger.delegations, delegate), () => [])
      const others = before.filter((it) => it !== mailbox)
      const next = isGranted ? [...others, mailbox].toSorted() : others
      return put({ delegations: HashMap.set(ledger.delegations, delegate, next) })
    },
    TemporaryFileRemoved: ({ documentId }) => ({
      ...state,
      documents: HashMap.remove(state.documents, documentId),
      documentNames: HashMap.filter(state.documentNames, (id) => id !== documentId),
    }),
    TemplateExported: ({ path, text }) =>
      put({ templateFiles: HashMap.set(ledger.templateFiles, path.toLowerCase(), text) }),
    ContentRepublished: ({ contentId, at, tenantKeyId, doubleKeyId }) => ({
      ...state,
      protections: HashMap.modify(state.protections, contentId, (it) => ({
        ...it,
        encryptedAt: at,
        ...(tenantKeyId === undefined ? {} : { tenantKeyId }),
        ...(doubleKeyId === undefined ? {} : { doubleKeyId }),
      })),
    }),
  }
}

/** The first activation makes the service's own templates; what goes off later keeps them. */
export const withActivation = (
  ledger: ServiceLedger,
  functionalState: "Enabled" | "Disabled" | undefined,
  at: number,
): ServiceLedger =>
  functionalState === "Enabled" && !ledger.subscription.hasBeenActive
    ? { ...ledger, subscription: { ...ledger.subscription, hasBeenActive: true, activatedAt: at } }
    : ledger

/** Remembers from when a template reads as it does; an edit without a moment was always there. */
export const withVersion = (
  state: MipState,
  template: ProtectionTemplate,
  at: number | undefined,
): MipState => {
  const { templateVersions } = state.ledger
  const before = Option.getOrElse(HashMap.get(templateVersions, template.templateId), () => [])
  const version = { at: at ?? 0, text: canonicalJson(template) }
  return {
    ...state,
    ledger: {
      ...state.ledger,
      templateVersions: HashMap.set(templateVersions, template.templateId, [...before, version]),
    },
  }
}
