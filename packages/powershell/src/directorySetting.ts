import { Result } from "effect"
import type { Complaint } from "./ScriptError.ts"
import { type Entries, isList, type ObjectValue, object, type Value } from "./Value.ts"
import { valueText } from "./valueText.ts"

/**
 * Objects of the directory's settings, which scripts handle as the module's class does: a template
 * makes a setting by `CreateDirectorySetting()`, a setting has an indexer by the names of its values.
 */

const plain = (value: Value, name: string): Value =>
  typeof value === "object" && value !== null && !isList(value) && value._tag === "Object"
    ? (value.entries.get(name)?.value ?? null)
    : null

/** The rows of `Values` that carry these two properties; undefined where it is another object. */
const rowsOf = (target: Value, property: string): readonly ObjectValue[] | undefined => {
  const values = plain(target, "values")
  const rows = isList(values) ? values : []
  const fit = rows.filter(
    (it): it is ObjectValue =>
      typeof it === "object" &&
      it !== null &&
      !isList(it) &&
      it._tag === "Object" &&
      it.entries.has("name") &&
      it.entries.has(property),
  )
  return rows.length > 0 && fit.length === rows.length ? fit : undefined
}

/** `$template.CreateDirectorySetting()`; undefined where the object is no template. */
export const createSetting = (target: Value): Value | undefined => {
  const rows = rowsOf(target, "defaultvalue")
  const templateId = plain(target, "id")
  if (rows === undefined || templateId === null) return undefined
  return object([
    ["Id", null],
    ["DisplayName", plain(target, "displayname")],
    ["TemplateId", templateId],
    [
      "Values",
      rows.map((row) =>
        object([
          ["Name", plain(row, "name")],
          ["Value", plain(row, "defaultvalue")],
        ]),
      ),
    ],
  ])
}

const settingRows = (target: Value): readonly ObjectValue[] | undefined =>
  plain(target, "templateid") === null ? undefined : rowsOf(target, "value")

const hasName = (row: ObjectValue, name: string): boolean =>
  valueText(plain(row, "name")).toLowerCase() === name.toLowerCase()

/** `$setting["Name"]`: `$null` for a name it lacks; undefined where the object is no setting. */
export const settingItem = (target: Value, name: string): Value | undefined => {
  const rows = settingRows(target)
  const row = rows?.find((it) => hasName(it, name))
  return rows === undefined ? undefined : row === undefined ? null : plain(row, "value")
}

const withValue = (entries: Entries, key: string, value: Value): Entries =>
  new Map(entries).set(key, { name: entries.get(key)?.name ?? key, value })

/** `$setting["Name"] = value`: values are kept as text. Undefined where the object is no setting. */
export const withSettingItem = (
  target: ObjectValue,
  name: string,
  given: Value,
): Result.Result<Value, Complaint> | undefined => {
  const rows = settingRows(target)
  if (rows === undefined) return undefined
  if (!rows.some((it) => hasName(it, name))) {
    return Result.fail({
      errorId: "ExceptionWhenSetting",
      category: "InvalidOperation",
      exception: "SetValueInvocationException",
      message: `Exception setting "Item": "The setting has no value of the name '${name}'."`,
    })
  }
  const text = valueText(given)
  const values = rows.map((it) =>
    hasName(it, name) ? { ...it, entries: withValue(it.entries, "value", text) } : it,
  )
  return Result.succeed({ ...target, entries: withValue(target.entries, "values", values) })
}
