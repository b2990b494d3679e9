import { days } from "@twin/kernel"
import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"

/** One generation of the group's secret key (CRY-023). */
export interface DkmKey {
  readonly keyId: string
  readonly createdAt: number
  /** Absent: the current one, which all new secrets are written under. */
  readonly archivedAt?: number
}

/** What is kept under the group's keys (CRY-024). */
export const DkmSecretKind = Schema.Literals(["ConnectedAccountCredential", "AvailabilityKey"])
export type DkmSecretKind = typeof DkmSecretKind.Type

/** A secret by name: whose it is and which generation it was written under. Never its bytes. */
export interface DkmSecret {
  readonly secretId: string
  readonly kind: DkmSecretKind
  readonly owner: string
  /** Hotmail, Gmail, Yahoo; the workload for key material. */
  readonly provider: string
  readonly keyId: string
}

export interface DkmState {
  /** Oldest first; the last one is current. Empty until the first secret is written. */
  readonly keys: readonly DkmKey[]
  /** Members of the security group: service accounts and nobody else (CRY-019, CRY-020). */
  readonly members: readonly string[]
  readonly secrets: Readonly<Record<string, DkmSecret>>
}

/** The processes of Exchange Online that work with secrets. */
const serviceAccounts = ["svc-exchange-transport", "svc-exchange-store"]

export const initialDkmState: DkmState = { keys: [], members: serviceAccounts, secrets: {} }

/** How long a key is current: not published, so a twin parameter. */
export const dkmRolloverDays = 90

export const dkmEvents = {
  /** A key becomes current, and the one before it is archived (CRY-023). */
  DkmKeyRolled: { keyId: Schema.NonEmptyString, at: Schema.Finite },
  DkmMemberAdded: { account: Schema.NonEmptyString, at: Schema.Finite },
  DkmMemberRemoved: { account: Schema.NonEmptyString, at: Schema.Finite },
  DkmSecretWritten: {
    secretId: Schema.NonEmptyString,
    kind: DkmSecretKind,
    owner: Schema.NonEmptyString,
    provider: Schema.NonEmptyString,
    keyId: Schema.NonEmptyString,
    at: Schema.Finite,
  },
  DkmAccessRefused: {
    secretId: Schema.NonEmptyString,
    by: Schema.NonEmptyString,
    gate: Schema.NonEmptyString,
    at: Schema.Finite,
  },
  DkmSecretOpened: {
    secretId: Schema.NonEmptyString,
    by: Schema.NonEmptyString,
    at: Schema.Finite,
  },
} as const

const events = Schema.TaggedUnion(dkmEvents)
export type DkmEvent = typeof events.Type

/** Pure and total. */
export const evolveDkm = (state: DkmState, event: DkmEvent): DkmState =>
  events.match(event, {
    DkmKeyRolled: ({ keyId, at }) => ({
      ...state,
      keys: [
        ...state.keys.map((key) =>
          key.archivedAt === undefined ? { ...key, archivedAt: at } : key,
        ),
        { keyId, createdAt: at },
      ],
    }),
    DkmMemberAdded: ({ account }) => ({
      ...state,
      members: [...state.members.filter((it) => it !== account), account],
    }),
    DkmMemberRemoved: ({ account }) => ({
      ...state,
      members: state.members.filter((it) => it !== account),
    }),
    DkmSecretWritten: ({ secretId, kind, owner, provider, keyId }) => ({
      ...state,
      secrets: { ...state.secrets, [secretId]: { secretId, kind, owner, provider, keyId } },
    }),
    DkmAccessRefused: () => state,
    DkmSecretOpened: () => state,
  })

/** Where the keys lie: in the directory, readable by the group alone. */
export const dkmKeyId = (generation: number): string => `active-directory/dkm/${generation}`

export const currentDkmKey = (state: DkmState): DkmKey | undefined => state.keys.at(-1)

/** When the current key falls due; undefined before the first secret. */
export const dkmRolloverAt = (state: DkmState): number | undefined => {
  const current = currentDkmKey(state)
  return current === undefined ? undefined : current.createdAt + days(dkmRolloverDays)
}

export const dkmSecretIn = (state: DkmState, secretId: string): DkmSecret | undefined =>
  ownValue(state.secrets, secretId)
