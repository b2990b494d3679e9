import { builtInTypeOf } from "./builtInTypes.ts"
import type { CustomEvidence, CustomPattern, CustomType } from "./CustomType.ts"
import { elementsNamed, isDefect, parseXml, type XmlElement } from "./XmlElement.ts"

/** The types of a rule package, or why it cannot be read. */
export type ReadRulePackage =
  | { readonly id: string; readonly name: string; readonly types: readonly CustomType[] }
  | { readonly problem: string }

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

class Unreadable extends Error {}

const required = (element: XmlElement, name: string): string => {
  const value = element.attributes[name]?.trim() ?? ""
  if (value === "") throw new Unreadable(`<${element.name}> has no ${name}`)
  return value
}

const numberOf = (element: XmlElement, name: string, otherwise?: number): number => {
  const text = element.attributes[name]
  if (text === undefined && otherwise !== undefined) return otherwise
  const value = text === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(text)
  if (!Number.isInteger(value) || value < 0) {
    throw new Unreadable(`${name} of <${element.name}> is no number`)
  }
  return value
}

/** Regexes and keyword lists of the package, by id; all else is a built-in type or a dictionary. */
const definitionsOf = (root: XmlElement): ReadonlyMap<string, CustomEvidence> =>
  new Map([
    ...elementsNamed(root, "Regex").map((it): [string, CustomEvidence] => [
      required(it, "id"),
      { _tag: "Regex", source: it.text.trim() },
    ]),
    ...elementsNamed(root, "Keyword").map((it): [string, CustomEvidence] => [
      required(it, "id"),
      {
        _tag: "Keywords",
        words: elementsNamed(it, "Term").map(({ text }) => text.trim()),
        isWholeWord: elementsNamed(it, "Group").every(
          ({ attributes }) => (attributes["matchStyle"] ?? "word") !== "string",
        ),
      },
    ]),
  ])

interface Names {
  readonly definitions: ReadonlyMap<string, CustomEvidence>
  /** Functions of the service are named after the types they recognise. */
  readonly hasDictionary: (id: string) => boolean
}

const evidenceNamed = ({ definitions, hasDictionary }: Names, id: string): CustomEvidence => {
  const own = definitions.get(id)
  if (own !== undefined) return own
  if (hasDictionary(id)) return { _tag: "Dictionary", id: id.toLowerCase() }
  const known = builtInTypeOf(id) ?? builtInTypeOf(functionTypes[id] ?? "")
  if (known === undefined) throw new Unreadable(`'${id}' is referred to and not defined`)
  return { _tag: "Type", id: known.id }
}

/** Functions of the service that packages may call, with the type that uses each. */
const functionTypes: Readonly<Record<string, string>> = {
  Func_credit_card: "Credit Card Number",
  Func_ssn: "U.S. Social Security Number (SSN)",
  Func_unformatted_ssn: "U.S. Social Security Number (SSN)",
  Func_iban: "International Banking Account Number (IBAN)",
  Func_aba_routing: "ABA Routing Number",
  Func_swift: "SWIFT Code",
  Func_dea_number: "Drug Enforcement Agency (DEA) Number",
  Func_uk_nino: "U.K. National Insurance Number (NINO)",
  Func_uk_nhs_number: "U.K. National Health Service Number",
  Func_french_insee: "France Social Security Number (INSEE)",
  Func_netherlands_bsn: "Netherlands Citizen's Service (BSN) Number",
  Func_german_passport: "Germany Passport Number",
  Func_ipv4_address: "IP Address",
}

const patternOf = (names: Names, pattern: XmlElement): CustomPattern => {
  const primary = pattern.children.find(({ name }) => name.toLowerCase() === "idmatch")
  if (primary === undefined) throw new Unreadable("a pattern has no IdMatch")
  // Of a table, the primary field is recognised by a type that is named for it.
  const reference = primary.attributes["classification"] ?? primary.attributes["idRef"] ?? ""
  const isExact = primary.attributes["matches"] !== undefined
  const matchesOf = (of: XmlElement): readonly CustomEvidence[] =>
    of.children
      .filter(({ name }) => name.toLowerCase() === "match")
      .map((it) =>
        isExact
          ? { _tag: "Field", field: required(it, "matches") }
          : evidenceNamed(names, required(it, "idRef")),
      )
  return {
    confidence: numberOf(pattern, "confidenceLevel"),
    primary: isExact
      ? { _tag: "Field", field: required(primary, "matches"), type: typeIdOf(names, reference) }
      : evidenceNamed(names, reference),
    all: matchesOf(pattern),
    any: pattern.children
      .filter(({ name }) => name === "Any")
      .map((it) => {
        const of = matchesOf(it)
        const max = numberOf(it, "maxMatches", of.length)
        return {
          of: [...of],
          min: numberOf(it, "minMatches", 1),
          ...(max >= of.length ? {} : { max }),
        }
      }),
  }
}

const typeIdOf = (names: Names, reference: string): string => {
  const evidence = evidenceNamed(names, reference)
  if (evidence._tag !== "Type") throw new Unreadable(`'${reference}' is no type`)
  return evidence.id
}

/** Reads a rule package; what is wrong with it comes back as one sentence. */
export const readRulePackage = (
  source: string,
  o: { readonly now: number; readonly hasDictionary: (id: string) => boolean },
): ReadRulePackage => {
  const root = parseXml(source)
  if (isDefect(root)) return root
  try {
    return read(root, o)
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message }
    throw error
  }
}

const read = (
  root: XmlElement,
  o: { readonly now: number; readonly hasDictionary: (id: string) => boolean },
): ReadRulePackage => {
  const isExact = elementsNamed(root, "ExactMatch").length > 0
  const pack = elementsNamed(root, "RulePack")[0]
  if (pack === undefined) throw new Unreadable("there is no <RulePack>")
  const id = required(pack, "id").toLowerCase()
  if (!guid.test(id)) throw new Unreadable("the id of the package is no GUID")
  const details = elementsNamed(pack, "LocalizedDetails")[0]
  const textOf = (name: string): string =>
    details === undefined ? "" : (elementsNamed(details, name)[0]?.text.trim() ?? "")
  const names = { definitions: definitionsOf(root), hasDictionary: o.hasDictionary }
  const entities = elementsNamed(root, isExact ? "ExactMatch" : "Entity")
  if (entities.length === 0) throw new Unreadable("the package describes no type")
  const resources = elementsNamed(root, "Resource")
  const types = entities.map((entity): CustomType => {
    const entityId = required(entity, "id").toLowerCase()
    if (!guid.test(entityId)) throw new Unreadable("the id of a type is no GUID")
    const resource = resources.find(
      ({ attributes }) => attributes["idRef"]?.toLowerCase() === entityId,
    )
    const shown = (name: string): string =>
      resource === undefined ? "" : (elementsNamed(resource, name)[0]?.text.trim() ?? "")
    const dataStore = entity.attributes["dataStore"]
    const patterns = elementsNamed(entity, "Pattern").map((it) => patternOf(names, it))
    if (patterns.length === 0) throw new Unreadable("a type has no pattern")
    return {
      id: entityId,
      name: shown("Name") || entityId,
      description: shown("Description"),
      publisher: textOf("PublisherName"),
      recommendedConfidence: numberOf(entity, "recommendedConfidence"),
      proximity: numberOf(entity, "patternsProximity", 300),
      patterns: patterns.toSorted((a, b) => b.confidence - a.confidence),
      packageId: id,
      createdAt: o.now,
      ...(dataStore === undefined ? {} : { dataStore }),
    }
  })
  return { id, name: textOf("Name"), types }
}
