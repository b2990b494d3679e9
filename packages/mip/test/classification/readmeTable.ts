import { makeDraw } from "@twin/kernel"
import type { SensitiveInformationType } from "../../src/index.ts"
import { makers } from "./numberMakers.ts"

const levelsOf = ({ elements }: SensitiveInformationType, isAlone: boolean): string => {
  const found = elements.flatMap(({ levels }) =>
    levels
      .filter(
        ({ evidence = [], any = [] }) =>
          (evidence.length === 0 && any.every(({ min }) => min === 0)) === isAlone,
      )
      .map(({ confidence }) => confidence),
  )
  return [...new Set(found)].toSorted((a, b) => b - a).join(", ") || "no"
}

/** Types as the README lists them: an example, whether a checksum decides, and how sure each is. */
export const readmeTable = (types: readonly SensitiveInformationType[]): readonly string[] =>
  types.map((type) => {
    const maker = makers.find((it) => it.type === type.name)
    const example = maker?.make(makeDraw(`readme/${type.name}`), 1) ?? ""
    const shown = example.length > 30 ? `${example.slice(0, 12)}...` : example
    const hasChecksum = type.elements.some(({ checksum }) => checksum !== undefined)
    const cells = [
      type.name,
      `\`${shown}\``,
      hasChecksum ? "yes" : "no",
      levelsOf(type, false),
      levelsOf(type, true),
    ]
    return `| ${cells.join(" | ")} |`
  })
