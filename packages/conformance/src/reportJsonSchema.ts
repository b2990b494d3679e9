import { Schema } from "effect"
import { ConformanceReport } from "./ConformanceReport.ts"

/** The JSON Schema of `conformance.json`: the contract with tools that read it. */
export const reportJsonSchema = (): object => {
  const { schema, definitions } = Schema.toJsonSchemaDocument(ConformanceReport, {
    onExcessProperty: "error",
  })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "conformance.schema.json",
    title: "Conformance report of the tenant twin",
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
    ...schema,
  }
}
