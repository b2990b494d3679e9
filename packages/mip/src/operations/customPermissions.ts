import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { ContentEvent } from "../content/openContent.ts"
import type { MipWorld } from "../State.ts"
import { levelOf } from "../UsageRight.ts"
import type { Permissions } from "./file.ts"

/** The levels by the names that the client's cmdlets know (MIP-062, MIP-283). */
const Level = Schema.Literals(["Viewer", "Reviewer", "CoAuthor", "CoOwner"])

const Users = Schema.NonEmptyArray(Schema.NonEmptyString)

/** Permissions of a person's own choice, as a script hands them from cmdlet to cmdlet. */
export const CustomPermissions = Schema.Struct({
  Users,
  Permissions: Level,
  ExpirationDate: Schema.optionalKey(Schema.NullOr(Schema.String)),
})

/** The same as every other way of protecting takes them. */
export const permissionsOf = (it: typeof CustomPermissions.Type): Permissions => {
  const level = levelOf(it.Permissions)
  const { ExpirationDate: expires } = it
  return {
    to: it.Users,
    ...(level === undefined ? {} : { level }),
    ...(expires === undefined || expires === null ? {} : { expires }),
  }
}

const protectionChosen = gate<{ readonly chosen: string }>()({
  name: "protection-chosen",
  facts: ["MIP-283"],
  reads: ["chosen"],
  check: ({ chosen }) =>
    chosen === ""
      ? deny(
          "Nothing is said that could be put on the file.",
          { chosen },
          {
            code: "AmbiguousParameterSet",
            message: "Parameter set cannot be resolved using the specified named parameters.",
          },
        )
      : pass("It is said what is put on the file.", { chosen }),
})

/** Whether any of the parameters that say what is wanted is there; names of those that are not are empty. */
export const evaluateChosen = (given: readonly string[]): Decision =>
  decideByGates([protectionChosen], { chosen: given.filter((it) => it !== "").join(", ") })

const permissionsMade = gate<{ readonly users: number; readonly level: string }>()({
  name: "permissions-made",
  facts: ["MIP-283"],
  reads: ["users", "level"],
  check: ({ users, level }) =>
    pass("The permissions count where they are put on a file.", { users, level }),
})

/** Lives in the script alone: nothing of it is kept before `Set-FileLabel -CustomPermissions`. */
export const newCustomPermissions = operation({
  name: "New-CustomPermissions",
  summary: "Makes permissions of one's own choice, for Set-FileLabel to put on a file.",
  params: Schema.Struct({
    Users: Users.annotate({ description: "Addresses of people and groups" }),
    Permissions: Level.annotate({ description: "What they may do" }),
    ExpirationDate: Schema.optionalKey(
      Schema.String.annotate({
        description: "When they can open it no more",
        format: "date-time",
      }),
    ),
  }),
  facts: ["MIP-283", "MIP-062"],
  isReadOnly: true,
  decide: (_call: Call<MipWorld>, params): Ruling<ContentEvent> => ({
    decision: decideByGates([permissionsMade], {
      users: params.Users.length,
      level: params.Permissions,
    }),
    output: [
      {
        Users: params.Users,
        Permissions: params.Permissions,
        ExpirationDate: params.ExpirationDate ?? null,
      },
    ],
  }),
})
