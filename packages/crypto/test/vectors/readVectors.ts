import { readFileSync } from "node:fs"
import { assert } from "@effect/vitest"
import { Result } from "effect"

/** One published case; its other members are hex, as the file's algorithm needs them. */
export interface Case extends Record<string, unknown> {
  readonly tcId: number
  readonly result: "valid" | "invalid" | "acceptable"
}
export interface Group extends Record<string, unknown> {
  readonly tests: readonly Case[]
}

/** The parsed content of a file of this folder. */
export const vectorFile = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"))

export const bytes = (fields: object, name: string): Buffer =>
  Buffer.from(textIn(fields, name), "hex")

export const textIn = (fields: object, name: string): string => {
  const value: unknown = Reflect.get(fields, name)
  return typeof value === "string" ? value : ""
}

export const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex")

/** How often each kind of case was run. */
export interface Counted {
  readonly cases: number
  readonly valid: number
  readonly invalid: number
  readonly acceptable: number
}

/**
 * Runs every case of a file and says how many there were; a file that ran none must not pass. The
 * caller compares the numbers with those that the file's publisher names.
 */
export const runAll = async (
  file: string,
  check: (one: Case, group: Group) => unknown,
): Promise<Counted> => {
  const { testGroups } = vectorFile(file) as { readonly testGroups: readonly Group[] }
  const counted = { cases: 0, valid: 0, invalid: 0, acceptable: 0 }
  for (const group of testGroups) {
    for (const one of group.tests) {
      // One after the other, so that a failure names its case.
      // oxlint-disable-next-line no-await-in-loop
      await check(one, group)
      counted.cases += 1
      counted[one.result] += 1
    }
  }
  console.log(`${file}: ${counted.cases} cases`)
  assert.isAbove(counted.cases, 0, `${file} ran no case`)
  return counted
}

/** `acceptable` admits both outcomes, but what is opened must be right. */
export const expectOpened = (
  one: Case,
  opened: Result.Result<Uint8Array, unknown>,
  want: Uint8Array,
): void => {
  const name = `case ${one.tcId}`
  if (one.result === "valid") assert.isTrue(Result.isSuccess(opened), name)
  if (one.result === "invalid") assert.isTrue(Result.isFailure(opened), name)
  if (Result.isSuccess(opened)) assert.strictEqual(hex(opened.success), hex(want), name)
}
