import { missCode, spendCode } from "@twin/identity"
import { HashMap, Option } from "effect"
import type { DriveItem } from "./DriveItem.ts"
import { evolveLabelledFiles } from "./labelEvents.ts"
import type { SharingLink } from "./SharingLink.ts"
import type { Site } from "./Site.ts"
import { SpoEvent } from "./SpoEvent.ts"
import { codeKey, guestKey, keysOfItem, type SiteGuest, type SpoState } from "./State.ts"
import { evolveSync } from "./SyncRelation.ts"

type Map<V> = HashMap.HashMap<string, V>

const change = <V>(map: Map<V>, key: string, to: (value: V) => V): Map<V> => {
  const value = Option.getOrUndefined(HashMap.get(map, key))
  return value === undefined ? map : HashMap.set(map, key, to(value))
}

const append = (map: Map<readonly string[]>, key: string, id: string): Map<readonly string[]> => {
  const before = Option.getOrElse(HashMap.get(map, key), (): readonly string[] => [])
  return before.includes(id) ? map : HashMap.set(map, key, [...before, id])
}

const without = <A extends object, K extends keyof A>(value: A, key: K): Omit<A, K> => {
  const { [key]: _, ...rest } = value
  return rest
}

const site = (state: SpoState, url: string, to: (it: Site) => Site): SpoState => ({
  ...state,
  sites: change(state.sites, url, to),
})

const item = (state: SpoState, id: string, to: (it: DriveItem) => DriveItem): SpoState => ({
  ...state,
  items: change(state.items, id, to),
})

const link = (state: SpoState, id: string, to: (it: SharingLink) => SharingLink): SpoState => ({
  ...state,
  links: change(state.links, id, to),
})

const guest = (
  state: SpoState,
  url: string,
  address: string,
  to: (it: SiteGuest) => SiteGuest,
): SpoState => ({ ...state, guests: change(state.guests, guestKey(url, address), to) })

const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** More requests than the throttle ever looks at need not be kept. */
const requestsKept = 20

/** The only place where this slice changes. Pure and total: what it does not know stays as it is. */
export const evolve = (state: SpoState, event: SpoEvent): SpoState =>
  SpoEvent.match(event, {
    ...evolveLabelledFiles(state),
    SyncEstablished: (it) => ({ ...state, sync: evolveSync(state.sync, it) }),
    SyncRunCompleted: (it) => ({ ...state, sync: evolveSync(state.sync, it) }),
    SyncRunFailed: (it) => ({ ...state, sync: evolveSync(state.sync, it) }),
    SyncStopped: (it) => ({ ...state, sync: evolveSync(state.sync, it) }),
    TenantSettingsChanged: ({ changes }) => ({ ...state, tenant: { ...state.tenant, ...changes } }),
    ContainerLabelsSwitched: ({ isOn }) => ({ ...state, areContainerLabelsOn: isOn }),
    EntraPolicySynced: ({ at, restrictions }) => ({
      ...state,
      entraPolicyCopied: restrictions === undefined ? undefined : { at, restrictions },
    }),

    SiteCreated: (it) => ({ ...state, sites: HashMap.set(state.sites, it.site.url, it.site) }),
    SiteSettingsChanged: ({ url, changes }) =>
      site(state, url, (it) => ({ ...it, requested: { ...it.requested, ...changes } })),
    SiteLabelChanged: ({ url, labelId, privacy }) =>
      site(state, url, (it) => ({
        ...without(it, "labelId"),
        ...(labelId === undefined ? {} : { labelId }),
        ...(privacy === undefined ? {} : { privacy }),
      })),
    SiteAdminChanged: ({ url, address, isAdmin }) =>
      site(state, url, (it) => ({
        ...it,
        admins: [
          ...it.admins.filter((admin) => !sameAddress(admin, address)),
          ...(isAdmin ? [address.toLowerCase()] : []),
        ],
      })),
    SiteAssignmentAdded: ({ url, assignment }) =>
      site(state, url, (it) => ({
        ...it,
        assignments: [
          ...it.assignments.filter(({ principal }) => principal !== assignment.principal),
          assignment,
        ],
      })),
    SiteAssignmentRemoved: ({ url, principal }) =>
      site(state, url, (it) => ({
        ...it,
        assignments: it.assignments.filter((held) => !sameAddress(held.principal, principal)),
      })),
    SiteRecycled: ({ url, at }) => site(state, url, (it) => ({ ...it, recycledAt: at })),
    SiteRestored: ({ url }) => site(state, url, (it) => without(it, "recycledAt")),
    SitePurged: ({ url }) => ({ ...state, sites: HashMap.remove(state.sites, url) }),

    GuestJoinedSite: ({ url, address, at, expiresAt }) => ({
      ...state,
      guests: HashMap.set(state.guests, guestKey(url, address), {
        url,
        address: address.toLowerCase(),
        joinedAt: at,
        isRemoved: false,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }),
    }),
    GuestExpirationChanged: ({ url, address, expiresAt }) =>
      guest(state, url, address, (it) => ({
        ...without(it, "expiresAt"),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      })),
    GuestRemovedFromSite: ({ url, address }) =>
      guest(state, url, address, (it) => ({ ...it, isRemoved: true })),

    ItemCreated: (it) => created(state, it.item),
    FileContentReplaced: ({ itemId, content, by, scan, at }) => ({
      ...item(state, itemId, (it) => ({ ...it, content, scan, modifiedBy: by, modifiedAt: at })),
      pendingScans:
        scan.dueAt === undefined
          ? HashMap.remove(state.pendingScans, itemId)
          : HashMap.set(state.pendingScans, itemId, scan.dueAt),
    }),
    ScansScheduled: ({ itemIds, dueAt }) =>
      itemIds.reduce(
        (before, itemId) => ({
          ...item(before, itemId, (it) =>
            it.scan === undefined ? it : { ...it, scan: { ...it.scan, dueAt } },
          ),
          pendingScans: HashMap.set(before.pendingScans, itemId, dueAt),
        }),
        state,
      ),
    FileScanned: ({ itemId, matches, at }) => ({
      ...item(state, itemId, (it) =>
        it.scan === undefined
          ? it
          : { ...it, scan: { ...without(it.scan, "dueAt"), scannedAt: at, matches } },
      ),
      pendingScans: HashMap.remove(state.pendingScans, itemId),
    }),
    DlpOverridden: ({ itemId }) =>
      item(state, itemId, (it) =>
        it.scan === undefined ? it : { ...it, scan: { ...it.scan, isOverridden: true } },
      ),
    ItemRecycled: ({ itemId, at }) => item(state, itemId, (it) => ({ ...it, recycledAt: at })),
    ItemRestored: ({ itemId }) => item(state, itemId, (it) => without(it, "recycledAt")),

    LinkCreated: (it) => ({
      ...state,
      links: HashMap.set(state.links, it.link.id, it.link),
      tokens: HashMap.set(state.tokens, it.link.token, it.link.id),
      linkIds: append(state.linkIds, it.link.itemId, it.link.id),
    }),
    LinkMembersAdded: ({ linkId, members, sentTo }) =>
      link(state, linkId, (it) => ({
        ...it,
        members: [
          ...it.members.filter((old) => !members.some((it) => it.address === old.address)),
          ...members,
        ],
        sentTo: [...new Set([...it.sentTo, ...sentTo])],
      })),
    LinkMemberRemoved: ({ linkId, address }) =>
      link(state, linkId, (it) => ({
        ...it,
        members: it.members.filter((member) => !sameAddress(member.address, address)),
        redeemedBy: it.redeemedBy.filter((member) => !sameAddress(member, address)),
      })),
    LinkRedeemed: ({ linkId, address }) =>
      link(state, linkId, (it) => ({
        ...it,
        redeemedBy: [...new Set([...it.redeemedBy, address.toLowerCase()])],
      })),
    LinkExpirationChanged: ({ linkId, expiresAt }) =>
      link(state, linkId, (it) => ({ ...it, expiresAt })),
    LinkRemoved: ({ linkId, at }) => link(state, linkId, (it) => ({ ...it, removedAt: at })),
    DirectGrantAdded: ({ itemId, grant }) =>
      item(state, itemId, (it) => ({
        ...it,
        grants: [...it.grants.filter(({ address }) => !sameAddress(address, grant.address)), grant],
      })),
    DirectGrantRemoved: ({ itemId, address }) =>
      item(state, itemId, (it) => ({
        ...it,
        grants: it.grants.filter((grant) => !sameAddress(grant.address, address)),
      })),
    InheritanceBroken: ({ itemId }) =>
      item(state, itemId, (it) => ({ ...it, hasUniquePermissions: true })),

    VerificationCodeIssued: ({ linkId, code }) => ({
      ...state,
      codes: HashMap.set(state.codes, codeKey(linkId, code.address), code),
      codeRequests: HashMap.set(
        state.codeRequests,
        code.address,
        [
          ...Option.getOrElse(HashMap.get(state.codeRequests, code.address), () => []),
          code.issuedAt,
        ].slice(-requestsKept),
      ),
    }),
    VerificationCodeMissed: ({ linkId, address }) => ({
      ...state,
      codes: change(state.codes, codeKey(linkId, address), missCode),
    }),
    VerificationCodeUsed: ({ linkId, address, at }) => ({
      ...state,
      codes: change(state.codes, codeKey(linkId, address), (code) => spendCode(code, at)),
    }),
    AddressVerified: ({ address, isKept, at }) => ({
      ...state,
      verified: HashMap.set(state.verified, address.toLowerCase(), { at, isKept }),
    }),
    BrowserClosed: ({ address }) => closed(state, address.toLowerCase()),

    DlpPolicyCreated: ({ policy }) => ({
      ...state,
      dlpPolicies: [...state.dlpPolicies.filter(({ name }) => name !== policy.name), policy],
    }),
    DlpPolicyChanged: ({ policy }) => ({
      ...state,
      dlpPolicies: state.dlpPolicies.map((it) => (it.name === policy.name ? policy : it)),
    }),
    DlpPolicyRemoved: ({ name }) => ({
      ...state,
      dlpPolicies: state.dlpPolicies.filter((it) => it.name !== name),
      dlpRules: state.dlpRules.filter((it) => it.policy !== name),
    }),
    DlpRuleCreated: ({ rule }) => ({
      ...state,
      dlpRules: [...state.dlpRules.filter(({ name }) => name !== rule.name), rule],
    }),
    DlpRuleChanged: ({ rule }) => ({
      ...state,
      dlpRules: state.dlpRules.map((it) => (it.name === rule.name ? rule : it)),
    }),
    DlpRuleRemoved: ({ name }) => ({
      ...state,
      dlpRules: state.dlpRules.filter((it) => it.name !== name),
    }),
  })

const created = (state: SpoState, it: DriveItem): SpoState => ({
  ...state,
  items: HashMap.set(state.items, it.id, it),
  itemIds: keysOfItem(it).reduce((map, key) => append(map, key, it.id), state.itemIds),
  pendingScans:
    it.scan?.dueAt === undefined
      ? state.pendingScans
      : HashMap.set(state.pendingScans, it.id, it.scan.dueAt),
})

/** A kept session outlives the browser, any other ends with it (SPO-099). */
const closed = (state: SpoState, address: string): SpoState => {
  const verified = Option.getOrUndefined(HashMap.get(state.verified, address))
  return verified === undefined || verified.isKept
    ? state
    : { ...state, verified: HashMap.remove(state.verified, address) }
}
