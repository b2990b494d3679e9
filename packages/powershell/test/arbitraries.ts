import { Arbitrary, Schema } from "effect"
import { binaryOperators, precedenceOf } from "../src/operators.ts"
import type {
  Argument,
  Assignment,
  Command,
  CommandElement,
  ExpandableText,
  Expression,
  Hashtable,
  HashtableEntry,
  If,
  IfClause,
  Pipeline,
  PipelineElement,
  Script,
  Span,
  Statement,
} from "../src/Syntax.ts"
import { scanNumber } from "../src/scanNumber.ts"

const span: Span = { offset: 0, length: 0, line: 1, column: 1 }

/**
 * A tree is built from a list of choices, so that a failure shrinks by making the list shorter and
 * its numbers smaller. Where the list ends, every choice is the first.
 */
class Choices {
  readonly #list: readonly number[]
  #next = 0
  constructor(list: readonly number[]) {
    this.#list = list
  }
  below(limit: number): number {
    const value = this.#list[this.#next] ?? 0
    this.#next += 1
    return value % limit
  }
  pick<A>(items: readonly [A, ...A[]]): A {
    return items[this.below(items.length)] ?? items[0]
  }
  many<A>(limit: number, item: () => A): readonly A[] {
    return Array.from({ length: this.below(limit + 1) }, item)
  }
}

const texts = [
  "a",
  "Contoso.SharePoint.com",
  "user@contoso.com",
  "00:30:00",
  "*.contoso.com",
  "",
  "two words",
  "it's",
  "it\u2019s \u201cquoted\u201d",
  'say "hi"',
  "a`b$c",
  "$(x)",
  "(unbalanced",
  ")",
  "-Name",
  "5",
  "--%",
  "line\nbreak",
  "tab\there",
  "\u001b[31m",
  "\u200b\u202e",
  "\ud800",
  "caf\u00e9 \u{1f600}",
  "# no comment",
  "@{a=1}",
  "a,b;c|d&e",
  "'@",
  "\r",
  "end`",
  "x\0y",
] as const

const numbers = ["0", "5", "-5", "1.5", "1gb", "0x1F", "1e3", "007", "10mb", ".5"] as const
const variables = [
  "x",
  "_",
  "true",
  "null",
  "params",
  "script:x",
  "a b",
  "q{}`\"'\u201d",
  "?",
] as const
const names = [
  "Get-SPOSite",
  "Where-Object",
  "?",
  "%",
  "Module\\Set-Thing",
  "foreach",
  "a b",
  "-x",
  "x\u{1f600}",
] as const
const parameters = ["Identity", "B2B", "What_If?", "eq", "Foo=bar"] as const
const members = ["Url", "Count", "odd name", "it's", "_x1"] as const
const types = ["string", "string[]", "int", "System.Guid", "ordered", "datetime"] as const

const text = (c: Choices): Expression => ({ _tag: "Text", value: c.pick(texts), span })

const number = (c: Choices): Expression => {
  const chosen = c.pick(numbers)
  const value = scanNumber(chosen, 0, true)?.value ?? Number.NaN
  return { _tag: "NumberLiteral", value, text: chosen, span }
}

const variable = (c: Choices) => ({ _tag: "Variable" as const, name: c.pick(variables), span })

const expandable = (c: Choices, depth: number): Expression => {
  const parts: ExpandableText["parts"][number][] = []
  for (let count = 1 + c.below(3); count > 0; count--) {
    const before = c.pick(texts)
    if (before !== "") parts.push(before)
    parts.push(
      c.below(2) === 0 || depth <= 0
        ? variable(c)
        : { _tag: "SubExpression", statements: statements(c, depth - 1), span },
    )
  }
  const after = c.pick(texts)
  if (after !== "") parts.push(after)
  return { _tag: "ExpandableText", parts, span }
}

const hashtable = (c: Choices, depth: number): Hashtable => {
  const entries = new Map<string, HashtableEntry>()
  for (const key of c.many(3, () => text(c))) {
    if (key._tag !== "Text") continue
    entries.set(key.value.toLowerCase(), { key, value: statement(c, depth - 1) })
  }
  return { _tag: "Hashtable", entries: [...entries.values()], span }
}

/** What may stand anywhere a value may, without brackets around it. */
const value = (c: Choices, depth: number): Expression => {
  const kinds = depth <= 0 ? 3 : 10
  switch (c.below(kinds)) {
    case 1:
      return variable(c)
    case 2:
      return expandable(c, depth - 1)
    case 3:
      return { _tag: "Parenthesis", statement: chain(c, depth - 1), span }
    case 4:
      return { _tag: "ArrayExpression", statements: statements(c, depth - 1), span }
    case 5:
      return { _tag: "SubExpression", statements: statements(c, depth - 1), span }
    case 6:
      return hashtable(c, depth)
    case 7:
      return { _tag: "ScriptBlock", statements: statements(c, depth - 1), span }
    case 8:
    case 9:
      return postfix(c, depth)
    default:
      return text(c)
  }
}

const postfix = (c: Choices, depth: number): Expression => {
  let target = value(c, depth - 1)
  for (let count = 1 + c.below(3); count > 0; count--) {
    const kind = c.below(3)
    target =
      kind === 0
        ? { _tag: "Member", target, name: c.pick(members), isStatic: false, span }
        : kind === 1
          ? { _tag: "Index", target, index: expression(c, depth - 1), span }
          : {
              _tag: "Invoke",
              target,
              name: c.pick(["AddDays", "ToString", "Trim"]),
              isStatic: false,
              arguments: c.many(2, () => binary(c, depth - 1, false)),
              span,
            }
  }
  return target
}

/** What may stand beside a comma. */
const unary = (c: Choices, depth: number): Expression => {
  if (depth <= 0) return c.below(2) === 0 ? number(c) : value(c, 0)
  switch (c.below(6)) {
    case 1:
      return { _tag: "Cast", type: c.pick(types), expression: unary(c, depth - 1), span }
    case 2: {
      const operator = c.pick(["-not", "-", "+", ",", "-join"] as const)
      return { _tag: "Unary", operator, operand: unary(c, depth - 1), span }
    }
    case 3:
      return number(c)
    case 4: {
      const type: Expression = { _tag: "TypeLiteral", type: "datetime", span }
      return { _tag: "Member", target: type, name: "UtcNow", isStatic: true, span }
    }
    default:
      return value(c, depth)
  }
}

const list = (c: Choices, depth: number): Expression => {
  const [first, ...rest] = [unary(c, depth), ...c.many(2, () => unary(c, depth - 1))]
  return rest.length === 0 && first !== undefined
    ? first
    : { _tag: "ArrayLiteral", elements: [first ?? text(c), ...rest], span }
}

/** The operator that binds least is the root; of equal ones the last, because they group from the left. */
const grouped = (operands: readonly Expression[], operators: readonly string[]): Expression => {
  let root = 0
  operators.forEach((it, index) => {
    if (precedenceOf(it) <= precedenceOf(operators[root] ?? "")) root = index
  })
  const operator = operators[root]
  const [only] = operands
  if (operator === undefined) return only ?? { _tag: "Text", value: "", span }
  const left = grouped(operands.slice(0, root + 1), operators.slice(0, root))
  const right = grouped(operands.slice(root + 1), operators.slice(root + 1))
  return { _tag: "Binary", operator, left, right, span }
}

const binary = (c: Choices, depth: number, mayList = true): Expression => {
  // Between the parentheses of a method a comma ends an argument, so none begins one there.
  const operand = (): Expression => (mayList ? list(c, depth - 1) : value(c, depth - 1))
  const [head, ...tail] = binaryOperators
  const operators = c.many(3, () => c.pick([head ?? "-eq", ...tail]))
  return grouped([operand(), ...operators.map(operand)], operators)
}

const expression = (c: Choices, depth: number): Expression =>
  depth <= 0 ? unary(c, 0) : c.below(3) === 2 ? binary(c, depth) : list(c, depth)

const argument = (c: Choices, depth: number): Expression => {
  const one = (): Expression => (c.below(4) === 3 ? number(c) : value(c, depth - 1))
  const [first, ...rest] = [one(), ...c.many(2, one)]
  return rest.length === 0 && first !== undefined
    ? first
    : { _tag: "ArrayLiteral", elements: [first ?? text(c), ...rest], span }
}

const commandElement = (c: Choices, depth: number): CommandElement => {
  const given = (): Argument => ({ _tag: "Argument", expression: argument(c, depth), span })
  switch (c.below(4)) {
    case 0:
      return { _tag: "Parameter", name: c.pick(parameters), span }
    case 1:
      return {
        _tag: "Parameter",
        name: c.pick(parameters),
        argument: argument(c, depth - 1),
        span,
      }
    case 2:
      return { _tag: "Splat", name: c.pick(["params", "script:x"]), span }
    default:
      return given()
  }
}

const command = (c: Choices, depth: number): Command => ({
  _tag: "Command",
  name: c.pick(names),
  nameSpan: span,
  elements: c.many(4, () => commandElement(c, depth)),
  span,
})

const pipeline = (c: Choices, depth: number): Pipeline => {
  const first: PipelineElement =
    c.below(2) === 0
      ? command(c, depth)
      : { _tag: "ExpressionElement", expression: expression(c, depth), span }
  return { _tag: "Pipeline", elements: [first, ...c.many(2, () => command(c, depth - 1))], span }
}

const assignment = (c: Choices, depth: number): Assignment => {
  const target: Assignment["target"] =
    c.below(4) === 3
      ? { _tag: "Cast", type: c.pick(types), expression: variable(c), span }
      : c.below(3) === 2
        ? { _tag: "Member", target: variable(c), name: c.pick(members), isStatic: false, span }
        : variable(c)
  const operator = c.pick(["=", "+=", "-="] as const)
  return { _tag: "Assignment", target, operator, value: statement(c, depth - 1), span }
}

const chain = (c: Choices, depth: number): Statement =>
  c.below(5) === 4 && depth > 0 ? assignment(c, depth) : pipeline(c, depth)

const statement = (c: Choices, depth: number): Statement => {
  if (depth <= 0) return pipeline(c, 0)
  switch (c.below(8)) {
    case 6: {
      const clause = (): IfClause => ({
        condition: chain(c, depth - 1),
        body: statements(c, depth - 1),
      })
      const node: If = { _tag: "If", clauses: [clause(), ...c.many(1, clause)], span }
      return c.below(2) === 0 ? node : { ...node, otherwise: statements(c, depth - 1) }
    }
    case 7:
      return {
        _tag: "ForEach",
        variable: c.pick(variables),
        collection: chain(c, depth - 1),
        body: statements(c, depth - 1),
        span,
      }
    default:
      return chain(c, depth)
  }
}

const statements = (c: Choices, depth: number): readonly Statement[] =>
  c.many(2, () => statement(c, depth))

/** Scripts of the whole subset, with positions that mean nothing. */
export const scripts: Arbitrary.Arbitrary<Script> = Arbitrary.array(
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))),
  // Enough choices for a tree of some size; a failure shrinks by their values.
  { minLength: 120, maxLength: 300 },
).pipe(Arbitrary.map((choices) => ({ statements: statements(new Choices(choices), 5) })))

/** The same tree with every position replaced by the same one. */
export const withoutPositions = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withoutPositions)
  if (typeof node !== "object" || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== "span" && key !== "nameSpan")
      .map(([key, item]) => [key, withoutPositions(item)]),
  )
}
