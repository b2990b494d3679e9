type Json = Readonly<Record<string, unknown>>

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

const isObject = (value: unknown): value is Json => typeOf(value) === "object"

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const fitsType = (type: unknown, value: unknown): boolean =>
  type === undefined ||
  type === typeOf(value) ||
  (type === "integer" && Number.isInteger(value)) ||
  (Array.isArray(type) && type.some((it) => fitsType(it, value)))

/**
 * What does not fit a JSON Schema: a second, small reading of the published file, so that the report
 * is not judged by the code that wrote it. Knows the keywords that our schemas use.
 */
export const schemaProblems = (
  root: Json,
  value: unknown,
  schema: unknown = root,
  at = "",
): readonly string[] => {
  if (!isObject(schema)) return schema === false ? [`${at}: nothing fits`] : []
  const below = (part: unknown, inner: unknown, where: string) =>
    schemaProblems(root, inner, part, where)
  const ref = schema["$ref"]
  if (typeof ref === "string") {
    const name = decodeURIComponent(ref.split("/").at(-1) ?? "")
    return below((root["$defs"] as Json)[name], value, at)
  }
  const problems: string[] = []
  if (!fitsType(schema["type"], value)) problems.push(`${at}: is ${typeOf(value)}`)
  if ("const" in schema && schema["const"] !== value) problems.push(`${at}: not the constant`)
  if ("enum" in schema && !asList(schema["enum"]).includes(value)) {
    problems.push(`${at}: ${JSON.stringify(value)} is not among the values`)
  }
  if (typeof schema["pattern"] === "string" && typeof value === "string") {
    if (!new RegExp(schema["pattern"], "u").test(value)) problems.push(`${at}: does not match`)
  }
  if (typeof schema["minLength"] === "number" && typeof value === "string") {
    if (value.length < schema["minLength"]) problems.push(`${at}: too short`)
  }
  for (const part of asList(schema["allOf"])) problems.push(...below(part, value, at))
  const choices = asList(schema["anyOf"])
  if (choices.length > 0 && choices.every((part) => below(part, value, at).length > 0)) {
    problems.push(`${at}: fits none of ${choices.length} choices`)
  }
  if (Array.isArray(value)) {
    const first = asList(schema["prefixItems"])
    value.forEach((item, index) => {
      problems.push(...below(first[index] ?? schema["items"], item, `${at}/${index}`))
    })
    if (typeof schema["minItems"] === "number" && value.length < schema["minItems"]) {
      problems.push(`${at}: too few`)
    }
  }
  if (isObject(value)) {
    const properties = isObject(schema["properties"]) ? schema["properties"] : {}
    for (const name of asList(schema["required"])) {
      if (!Object.hasOwn(value, String(name))) problems.push(`${at}/${String(name)}: missing`)
    }
    for (const [name, item] of Object.entries(value)) {
      const part = Object.hasOwn(properties, name)
        ? properties[name]
        : schema["additionalProperties"]
      problems.push(...below(part, item, `${at}/${name}`))
    }
  }
  return problems
}
