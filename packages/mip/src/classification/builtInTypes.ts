import { anglophoneTypes } from "./anglophoneTypes.ts"
import { drivingLicences } from "./drivingLicences.ts"
import { europeanTypes } from "./europeanTypes.ts"
import { financialTypes } from "./financialTypes.ts"
import type { SensitiveInformationType } from "./SensitiveInformationType.ts"
import { worldTypes } from "./worldTypes.ts"

/** The types that every tenant has, sorted by name. */
export const builtInTypes: readonly SensitiveInformationType[] = [
  ...financialTypes,
  ...anglophoneTypes,
  ...europeanTypes,
  ...worldTypes,
  ...drivingLicences,
].toSorted((a, b) => (a.name < b.name ? -1 : 1))

const byName = new Map<string, SensitiveInformationType>(
  builtInTypes.flatMap((it) => [
    [it.id, it],
    [it.name.toLowerCase(), it],
  ]),
)

/** A built-in type by GUID or name, whatever the case. */
export const builtInTypeOf = (idOrName: string): SensitiveInformationType | undefined =>
  byName.get(idOrName.trim().toLowerCase())
