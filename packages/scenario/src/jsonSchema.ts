import type { OperationInfo } from "@twin/kernel"
import { Schema } from "effect"
import type { Vocabulary } from "./decodeScenario.ts"
import { Scenario } from "./Scenario.ts"

type Json = Readonly<Record<string, unknown>>

/** A reference stands for a value of any type until the scenario is played. */
const referenceText = {
  type: "string",
  pattern: String.raw`\{\{[^{}]*\}\}`,
  description: "A reference: {{ name.property }} or {{ mail.somebody.code }}",
}

const documentOf = (schema: Schema.Constraint): { readonly schema: Json; readonly defs: Json } => {
  const { schema: body, definitions } = Schema.toJsonSchemaDocument(schema, {
    onExcessProperty: "error",
  })
  return { schema: body, defs: definitions }
}

/** Every member of an object may also be given by reference. */
const withReferences = (schema: Json): Json => {
  const properties = schema["properties"] as Readonly<Record<string, Json>> | undefined
  if (properties === undefined) return schema
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => {
        const { description, ...rest } = value
        return [
          name,
          {
            ...(description === undefined ? {} : { description }),
            anyOf: [rest, referenceText],
          },
        ]
      }),
    ),
  }
}

/** Where the parameters of an action stand among the definitions. */
const definitionOf = ({ name }: OperationInfo): string => `with ${name}`

/** For each action: when a step names it, `with` has the action's own parameters. */
const actionRule =
  (member: "do" | "attack") =>
  (operation: OperationInfo): Json => {
    const { schema } = documentOf(operation.params)
    const isNeeded = Array.isArray(schema["required"]) && schema["required"].length > 0
    return {
      if: { properties: { [member]: { const: operation.name } }, required: [member] },
      // A reference to a definition with a space in its name is a URI with %20.
      // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so.
      then: {
        properties: { with: { $ref: `#/$defs/${encodeURIComponent(definitionOf(operation))}` } },
        ...(isNeeded ? { required: ["with"] } : {}),
      },
    }
  }

/**
 * The JSON Schema of scenario files, for editors and for people who write scenarios with other tools.
 * Derived from the schema that decodes the files and from the table of operations.
 */
export const scenarioJsonSchema = ({ operations, questions, faults }: Vocabulary): Json => {
  const { schema, defs } = documentOf(Scenario)
  const actions = [...operations.values()]
    .filter(({ kind }) => kind === "action")
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const named = {
    do: actions.map(({ name, summary }) => ({ const: name, description: summary })),
    attack: actions.map(({ name, summary }) => ({ const: name, description: summary })),
    fault: [...faults].toSorted().map((name) => ({ const: name })),
    question: [...questions].toSorted().map((name) => ({ const: name })),
  }
  const whole = narrow({ $defs: defs, ...schema }, named, actions) as Json
  const parameters = Object.fromEntries(
    actions.map((it) => [definitionOf(it), withReferences(documentOf(it.params).schema)]),
  )
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "scenario.schema.json",
    title: "Scenario of the tenant twin",
    ...whole,
    $defs: { ...(whole["$defs"] as Json), ...parameters },
  }
}

interface Names {
  readonly do: readonly Json[]
  readonly attack: readonly Json[]
  readonly fault: readonly Json[]
  readonly question: readonly Json[]
}

/** Where the general schema says "a text", the names that exist are put in its place. */
const narrow = (value: unknown, names: Names, actions: readonly OperationInfo[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => narrow(item, names, actions))
  if (typeof value !== "object" || value === null) return value
  const node = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, narrow(item, names, actions)]),
  )
  const properties = node["properties"] as Readonly<Record<string, Json>> | undefined
  if (properties === undefined) return node
  const has = (name: string) => Object.hasOwn(properties, name)
  if (has("attack")) return narrowed(node, properties, "attack", names.attack, actions)
  if (has("fault")) return narrowed(node, properties, "fault", names.fault, [])
  if (has("do") && has("as")) return narrowed(node, properties, "do", names.do, actions)
  if (has("do") && has("who")) return narrowed(node, properties, "do", names.question, [])
  return node
}

const narrowed = (
  node: Json,
  properties: Readonly<Record<string, Json>>,
  member: "do" | "attack" | "fault",
  choices: readonly Json[],
  actions: readonly OperationInfo[],
): Json => {
  const description = properties[member]?.["description"]
  return {
    ...node,
    properties: {
      ...properties,
      [member]: { ...(description === undefined ? {} : { description }), oneOf: choices },
    },
    ...(actions.length === 0 || member === "fault"
      ? {}
      : { allOf: actions.map(actionRule(member)) }),
  }
}
