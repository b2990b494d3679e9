import {
  type Call,
  days,
  decideByGates,
  deny,
  type GateRules,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  type ExactSchema,
  exactDataLimits,
  hashTable,
  readExactSchema,
} from "../classification/ExactData.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { common, complianceAudit, complianceRoles } from "./cmdlet.ts"
import { complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"

interface SchemaFacets {
  readonly problem: string
  readonly isPlaceRight: boolean
  readonly schemas: number
  readonly fields: number
  readonly searchable: number
}

const schemaRule = gate<SchemaFacets>()

const schemaGates: GateRules<SchemaFacets> = [
  schemaRule({
    name: "exact-data-schema",
    facts: ["MIP-157"],
    reads: ["problem", "isPlaceRight"],
    check: ({ problem, isPlaceRight }) => {
      if (problem !== "") {
        return deny(
          "The schema of the table cannot be read.",
          { problem },
          { code: "EdmSchemaValidationException", message: `The schema isn't valid: ${problem}.` },
        )
      }
      return isPlaceRight
        ? pass("The schema can be read.")
        : deny(
            "A schema is made once, and only one that is there can be changed.",
            {},
            {
              code: "EdmSchemaAlreadyExistsException",
              message:
                "Use Set-DlpEdmSchema for a schema that exists, New-DlpEdmSchema for a new one.",
            },
          )
    },
  }),
  schemaRule({
    name: "exact-data-limits",
    facts: ["MIP-157"],
    reads: ["schemas", "fields", "searchable"],
    check: ({ schemas, fields, searchable }) => {
      const details = { schemas, fields, searchable }
      const over = (message: string) =>
        deny("The schema goes beyond a limit of the service.", details, { message })
      if (schemas > exactDataLimits.schemas) return over("A tenant has at most 10 schemas.")
      if (fields > exactDataLimits.fields) return over("A schema has at most 32 fields.")
      if (searchable > exactDataLimits.searchableFields) {
        return over("A schema has at most 10 searchable fields.")
      }
      return searchable === 0
        ? over("A schema needs at least one searchable field.")
        : pass("The schema stays within the limits of the service.", details)
    },
  }),
]

const storing = (name: "New" | "Set") =>
  complianceCmdlet({
    name: `${name}-DlpEdmSchema`,
    summary:
      name === "New"
        ? "Describes a table whose exact values are to be recognised."
        : "Changes the description of a table.",
    params: Schema.Struct({
      FileData: Schema.NonEmptyString.annotate({ description: "The schema, as XML text" }),
      ...common,
    }),
    facts: ["MIP-157"],
    binding: { positional: ["FileData"] },
    decide: ({ world, now }, params) => {
      const { schemas } = world.mip.classification
      const read = readExactSchema(params.FileData)
      const schema = "problem" in read ? undefined : read.schema
      const others = schemas.filter((it) => it.name !== schema?.name)
      const decision = decideByGates(schemaGates, {
        problem: "problem" in read ? read.problem : "",
        isPlaceRight: others.length < schemas.length !== (name === "New"),
        schemas: others.length + 1,
        fields: schema?.fields.length ?? 0,
        searchable: schema?.fields.filter(({ isSearchable }) => isSearchable).length ?? 0,
      })
      if (decision.outcome !== "allow" || schema === undefined) return { decision }
      return {
        decision,
        events: [{ _tag: "ExactSchemaStored", schema, at: now }],
        output: [shown(world, schema)],
        changed: schema.name,
      }
    },
  })

export const newEdmSchema = storing("New")
export const setEdmSchema = storing("Set")

const schemaOf = (world: MipWorld, name: string): ExactSchema | undefined =>
  world.mip.classification.schemas.find((it) => it.name.toLowerCase() === name.toLowerCase())

const shown = (world: MipWorld, schema: ExactSchema): OutputObject => {
  const table = world.mip.classification.tables.find((it) => it.dataStore === schema.name)
  return {
    DataStore: schema.name,
    Description: schema.description,
    Version: schema.version,
    Fields: schema.fields.map(({ name }) => name),
    SearchableFields: schema.fields
      .filter(({ isSearchable }) => isSearchable)
      .map(({ name }) => name),
    Rows: table?.rows.length ?? 0,
    BadLines: table?.badLines ?? 0,
    UploadedUTC: table === undefined ? null : isoOf(table.uploadedAt),
  }
}

const schemas = complianceKind({
  noun: "DlpEdmSchema",
  objects: "schemas of exact data",
  identity: "Name of the data store",
  facts: ["MIP-157"],
  find: schemaOf,
})

export const getEdmSchema = schemas.showing({
  summary: "Shows tables whose exact values are recognised.",
  all: (world) => world.mip.classification.schemas,
  shown,
})

export const removeEdmSchema = schemas.removing({
  summary: "Takes the description of a table and its hashes away.",
  nameOf: ({ name }) => name,
  removed: ({ name }, now) => ({ _tag: "ExactSchemaRemoved", dataStore: name, at: now }),
})

interface UploadFacets {
  readonly problem: string
  readonly rows: number
  readonly badLinesPercent: number
  readonly badLinesAllowedPercent: number
  readonly uploadsToday: number
}

const uploadFits = gate<UploadFacets>()({
  name: "exact-data-upload",
  facts: ["MIP-157"],
  reads: ["problem", "rows", "badLinesPercent", "badLinesAllowedPercent", "uploadsToday"],
  check: ({ problem, rows, badLinesPercent, badLinesAllowedPercent, uploadsToday }) => {
    const details = { rows, badLinesPercent, badLinesAllowedPercent, uploadsToday }
    const refuse = (message: string) =>
      deny("The table cannot be taken in.", details, { code: "EdmUploadFailed", message })
    if (problem !== "") return refuse(`The table doesn't fit the schema: ${problem}.`)
    if (rows > exactDataLimits.rows) return refuse("A table has at most 100 million rows.")
    if (badLinesPercent > badLinesAllowedPercent) {
      return refuse("More lines than allowed don't fit the schema.")
    }
    return uploadsToday >= exactDataLimits.uploadsPerDay
      ? refuse("A table can be uploaded at most 5 times in 24 hours.")
      : pass("The table was hashed with a salt, and only the hashes are kept.", details)
  },
})

export const uploadExactData = operation({
  name: "upload-exact-data",
  summary: "Hashes a table on the way and uploads the hashes, as the upload agent does.",
  params: Schema.Struct({
    dataStore: schemas.identity,
    table: Schema.NonEmptyString.annotate({
      description: "Lines with a header; commas or tabs between the values",
    }),
    allowedBadLinesPercentage: Schema.optionalKey(
      Schema.Finite.annotate({
        description: "Lines that may be left out, in percent; 0 unless given",
      }),
    ),
  }),
  roles: complianceRoles,
  facts: ["MIP-157"],
  secrets: ["table"],
  decide: ({ world, now, draw }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const schema = schemaOf(world, params.dataStore)
    if (schema === undefined) return { decision: schemas.known(params.dataStore, false) }
    const hashed = hashTable(schema, params.table, { salt: draw.token("salt", 32), now })
    const table = "problem" in hashed ? undefined : hashed.table
    const lines = (table?.rows.length ?? 0) + (table?.badLines ?? 0)
    const decision = decideByGates([uploadFits], {
      problem: "problem" in hashed ? hashed.problem : "",
      rows: table?.rows.length ?? 0,
      badLinesPercent: lines === 0 ? 0 : ((table?.badLines ?? 0) / lines) * 100,
      badLinesAllowedPercent: params.allowedBadLinesPercentage ?? 0,
      uploadsToday: world.mip.classification.uploads.filter(
        (it) => it.dataStore === schema.name && it.at > now - days(1),
      ).length,
    })
    if (decision.outcome !== "allow" || table === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "ExactTableUploaded", table, at: now }],
      output: [{ DataStore: schema.name, Rows: table.rows.length, BadLines: table.badLines }],
      audit: [complianceAudit("UploadDataEDM", schema.name, { DataStore: schema.name })],
    }
  },
})
