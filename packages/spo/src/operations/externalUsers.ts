import { type DirectoryUser, invitationOf, usersOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, isoOf, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { missing } from "../decisions/missing.ts"
import { type SpoWorld, siteGuestsOf, siteOf } from "../State.ts"
import { reading } from "./getSpoTenant.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

type ExternalUserRow = OutputObject & { readonly DisplayName: string; readonly Email: string }

const guestRow = (world: SpoWorld, user: DirectoryUser): ExternalUserRow => ({
  UniqueId: user.id,
  DisplayName: user.displayName,
  Email: user.mail ?? "",
  AcceptedAs: user.externalUserState === "Accepted" ? (user.mail ?? "") : "",
  InvitedBy: invitationOf(world, user.id)?.invitedBy ?? "",
  WhenCreated: isoOf(user.createdAt),
})

/** People known to a site by address only: no guest object stands behind them (SPO-102, SPO-104). */
const adHocRow = (address: string, joinedAt: number): ExternalUserRow => ({
  UniqueId: "",
  DisplayName: address,
  Email: address,
  AcceptedAs: "",
  InvitedBy: "",
  WhenCreated: isoOf(joinedAt),
})

const startsWith = ({ DisplayName, Email }: ExternalUserRow, filter: string): boolean =>
  [...DisplayName.split(" "), Email].some((it) => it.toLowerCase().startsWith(filter.toLowerCase()))

const pageLimit = 50

export const getSpoExternalUser: SpoOperation = cmdlet({
  name: "Get-SPOExternalUser",
  summary: "Shows people from outside, of the organization or of one site.",
  params: Schema.Struct({
    Position: Schema.optionalKey(Schema.Int.annotate({ description: "Index of the first one" })),
    PageSize: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: pageLimit })).annotate({
        description: "How many, at most 50; 1 unless given",
      }),
    ),
    Filter: Schema.optionalKey(
      Schema.String.annotate({ description: "How a name or the address begins" }),
    ),
    SortOrder: Schema.optionalKey(Schema.Literals(["Ascending", "Descending"])),
    SiteUrl: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Only of this site" }),
    ),
    ShowOnlyUsersWithAcceptingAccountNotMatchInvitedAccount: Schema.optionalKey(Schema.Boolean),
  }),
  binding: {
    positional: ["Position", "PageSize"],
    switches: ["ShowOnlyUsersWithAcceptingAccountNotMatchInvitedAccount"],
  },
  facts: ["SPO-102", "SPO-104", "SPO-116"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>, given): SpoRuling => {
    const guests = usersOf(world).filter(({ userType }) => userType === "Guest")
    const site = given.SiteUrl === undefined ? undefined : siteOf(world, given.SiteUrl)
    if (given.SiteUrl !== undefined && site === undefined) return { decision: missing("site") }
    const stays =
      site === undefined ? [] : siteGuestsOf(world, site.url).filter((it) => !it.isRemoved)
    const rows =
      site === undefined
        ? guests.map((it) => guestRow(world, it))
        : stays.map(({ address, joinedAt }) => {
            const user = guests.find(({ mail }) => mail?.toLowerCase() === address)
            return user === undefined ? adHocRow(address, joinedAt) : guestRow(world, user)
          })
    const wanted = rows
      .filter((row) => given.Filter === undefined || startsWith(row, given.Filter))
      .toSorted((a, b) => (a.Email < b.Email ? -1 : 1))
    const ordered = given.SortOrder === "Descending" ? wanted.toReversed() : wanted
    const from = given.Position ?? 0
    return { decision: reading, output: ordered.slice(from, from + (given.PageSize ?? 1)) }
  },
})

interface KnownFacets {
  readonly unknown: number
}

const allKnown = gate<KnownFacets>()({
  name: "external-users-known",
  facts: ["SPO-094"],
  reads: ["unknown"],
  check: ({ unknown: count }) =>
    count === 0
      ? pass("All of them are people from outside with an object in the directory.")
      : deny(
          "Not all of them are people from outside.",
          { unknown: count },
          {
            message: "Unable to find a user with one of the specified unique ids.",
          },
        ),
})

/** Takes guests out of the tenant: they lose everything at once; sites still show the name (SPO-094). */
export const removeSpoExternalUser: SpoOperation = cmdlet({
  name: "Remove-SPOExternalUser",
  summary: "Removes people from outside from the organization.",
  params: Schema.Struct({
    UniqueIDs: Schema.Array(Schema.NonEmptyString).annotate({
      description: "Ids as Get-SPOExternalUser shows them",
    }),
    Confirm: Schema.optionalKey(Schema.Boolean),
    WhatIf: Schema.optionalKey(Schema.Boolean),
  }),
  binding: {
    positional: ["UniqueIDs"],
    switches: ["Confirm", "WhatIf"],
    aliases: { UniqueId: "UniqueIDs" },
    pipeline: "UniqueIDs",
  },
  facts: ["SPO-094"],
  decide: ({ world, now }: Call<SpoWorld>, given): SpoRuling => {
    const guests = usersOf(world).filter(({ userType }) => userType === "Guest")
    const chosen = given.UniqueIDs.map((id) => guests.find((it) => it.id === id))
    const decision = decideByGates([allKnown], {
      unknown: chosen.filter((it) => it === undefined).length,
    })
    if (decision.outcome !== "allow" || given.WhatIf === true) return { decision }
    return {
      decision,
      events: chosen.flatMap((user) =>
        user === undefined ? [] : [{ _tag: "UserDeleted" as const, userId: user.id, at: now }],
      ),
    }
  },
})
