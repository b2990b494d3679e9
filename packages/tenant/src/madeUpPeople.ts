import { createHash } from "node:crypto"
import type { Faker } from "@faker-js/faker"
// Only the English locale: the package's main module would load all of them.
import { faker as shared } from "@faker-js/faker/locale/en"

/** A person out of nothing but a seed. */
export interface MadeUpPerson {
  readonly firstName: string
  readonly lastName: string
  /** Lower case, unique within one call. */
  readonly alias: string
  readonly department: string
  readonly jobTitle: string
}

/** An instance of its own: never the shared one, whose state anybody may move. */
const ownFaker = (seed: string, now: number): Faker => {
  const Own = shared.constructor as new (options: object) => Faker
  const number = createHash("sha256").update(seed).digest().readUInt32BE(0)
  const own = new Own({ locale: [shared.rawDefinitions], seed: number })
  own.setDefaultRefDate(now)
  return own
}

const departments = [
  "Engineering",
  "Finance",
  "Human Resources",
  "Legal",
  "Marketing",
  "Operations",
  "Sales",
] as const

/** Family names for the named people; the same seed gives the same names. */
export const familyNames = (seed: string, now: number, count: number): readonly string[] => {
  const own = ownFaker(`${seed}/family-names`, now)
  return Array.from({ length: count }, () => own.person.lastName())
}

/** Members besides the named ones; people keep their place when more are asked for. */
export const madeUpPeople = (seed: string, now: number, count: number): readonly MadeUpPerson[] => {
  const own = ownFaker(`${seed}/people`, now)
  const taken = new Map<string, number>()
  return Array.from({ length: count }, () => {
    const firstName = own.person.firstName()
    const lastName = own.person.lastName()
    const plain = `${firstName}.${lastName}`.toLowerCase().replaceAll(/[^a-z.]/g, "")
    const before = taken.get(plain) ?? 0
    taken.set(plain, before + 1)
    return {
      firstName,
      lastName,
      alias: before === 0 ? plain : `${plain}${before + 1}`,
      department: own.helpers.arrayElement(departments),
      jobTitle: own.person.jobTitle(),
    }
  })
}
