/**
 * Types, methods and static members that the twin knows. None reaches a process or the network; the
 * one that reads a file asks whoever runs the script for its bytes.
 */

/** What a name of a type means, without `System.` and in the spelling of messages. */
const castTypes: Readonly<Record<string, string>> = {
  string: "string",
  int: "int",
  int32: "int",
  int64: "long",
  long: "long",
  double: "double",
  single: "double",
  float: "double",
  decimal: "decimal",
  bool: "bool",
  boolean: "bool",
  switch: "bool",
  datetime: "datetime",
  timespan: "timespan",
  guid: "guid",
  uri: "uri",
  array: "object[]",
  object: "object",
  psobject: "object",
  hashtable: "hashtable",
  ordered: "ordered",
  pscustomobject: "pscustomobject",
  "management.automation.pscustomobject": "pscustomobject",
  "collections.hashtable": "hashtable",
}

/** The types that a cast may name; arrays of them by a trailing `[]`. */
export const castTypeOf = (name: string): string | undefined => {
  const plain = name
    .toLowerCase()
    .replaceAll(/\s/g, "")
    .replace(/^system\./, "")
  const element = plain.endsWith("[]") ? plain.slice(0, -2) : plain
  const type = Object.hasOwn(castTypes, element) ? castTypes[element] : undefined
  return type === undefined || element === plain ? type : `${type}[]`
}

export const isCastType = (name: string): boolean => castTypeOf(name) !== undefined

/** `[type]::Name` and `[type]::Name()`, in lower case. */
const statics = new Set([
  "datetime::now",
  "datetime::utcnow",
  "datetime::today",
  "datetime::parse()",
  "guid::empty",
  "guid::newguid()",
  "guid::parse()",
  "int::maxvalue",
  "long::maxvalue",
  "timespan::fromdays()",
  "timespan::fromhours()",
  "timespan::fromminutes()",
  "timespan::fromseconds()",
  "string::empty",
  "string::isnullorempty()",
  "string::isnullorwhitespace()",
  "io.file::readallbytes()",
])

/** `.Name()` on a value, in lower case. */
const methods = new Set([
  "adddays",
  "addhours",
  "addminutes",
  "addmonths",
  "addseconds",
  "addyears",
  "contains",
  "createdirectorysetting",
  "endswith",
  "indexof",
  "replace",
  "split",
  "startswith",
  "substring",
  "tolower",
  "tolowerinvariant",
  "touniversaltime",
  "toupper",
  "toupperinvariant",
  "tostring",
  "trim",
  "trimend",
  "trimstart",
])

/** The key of a static member in the table of those that the twin evaluates. */
export const staticKey = (type: string, name: string, isCall: boolean): string | undefined => {
  const plain = type.toLowerCase().replace(/^system\./, "")
  const key = `${castTypeOf(type) ?? plain}::${name.toLowerCase()}${isCall ? "()" : ""}`
  return statics.has(key) ? key : undefined
}

export const isMethod = (name: string): boolean => methods.has(name.toLowerCase())
