/** How tightly an operator binds; equal ones group from the left. PowerShell's own order. */
const precedence: Readonly<Record<string, number>> = {
  "-and": 1,
  "-or": 1,
  "-xor": 1,
  "-eq": 3,
  "-ne": 3,
  "-gt": 3,
  "-ge": 3,
  "-lt": 3,
  "-le": 3,
  "-like": 3,
  "-notlike": 3,
  "-match": 3,
  "-notmatch": 3,
  "-contains": 3,
  "-notcontains": 3,
  "-in": 3,
  "-notin": 3,
  "-join": 3,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
  "-f": 7,
  "..": 8,
}

/** Comparisons that have a case-sensitive twin (`-ceq`) and one that says what is so anyway (`-ieq`). */
const withCase = new Set(
  Object.entries(precedence)
    .filter(([name, level]) => level === 3 && name !== "-join")
    .map(([name]) => name),
)

/** Operators of PowerShell that the twin does not run. */
const beyondTwin = new Set(
  [
    "replace",
    "ireplace",
    "creplace",
    "split",
    "isplit",
    "csplit",
    "is",
    "isnot",
    "as",
    "band",
    "bor",
    "bxor",
    "bnot",
    "shl",
    "shr",
  ].map((name) => `-${name}`),
)

export interface OperatorName {
  /** Without the prefix `i`. */
  readonly name: string
  readonly isSupported: boolean
}

/** The operator that a word after a dash names, in any case; undefined where it is none. */
export const operatorNamed = (word: string): OperatorName | undefined => {
  const name = `-${word.toLowerCase()}`
  if (beyondTwin.has(name)) return { name, isSupported: false }
  if (name === "-not" || Object.hasOwn(precedence, name)) return { name, isSupported: true }
  const bare = `-${name.slice(2)}`
  if (!withCase.has(bare)) return undefined
  if (name.startsWith("-i")) return { name: bare, isSupported: true }
  return name.startsWith("-c") ? { name, isSupported: true } : undefined
}

/** Binding strength of a binary operator, 0 where it is none. */
export const precedenceOf = (operator: string): number =>
  precedence[operator] ??
  (operator.startsWith("-c") ? precedence[`-${operator.slice(2)}`] : undefined) ??
  0

/** Case-sensitive comparisons and the operator that they narrow. */
export const caseOf = (operator: string): { readonly base: string; readonly isExact: boolean } =>
  Object.hasOwn(precedence, operator)
    ? { base: operator, isExact: false }
    : { base: `-${operator.slice(2)}`, isExact: true }

/** Every binary operator of the subset, for the printer's and the tests' benefit. */
export const binaryOperators: readonly string[] = [
  ...Object.keys(precedence),
  ...[...withCase].map((name) => `-c${name.slice(1)}`),
]
