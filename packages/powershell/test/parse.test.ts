import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { parse } from "../src/parse.ts"
import { print } from "../src/print.ts"
import { renderError } from "../src/renderError.ts"
import type { Script } from "../src/Syntax.ts"
import { withoutPositions } from "./arbitraries.ts"
import { documentedForms } from "./documentedForms.ts"

const read = (text: string): Script => {
  const script = parse(text)
  return Result.isSuccess(script) ? script.success : assert.fail(renderError(script.failure))
}

const canonical = (text: string): string => print(read(text))

const refusal = (text: string): string => {
  const script = parse(text)
  return Result.isFailure(script) ? renderError(script.failure) : assert.fail(print(script.success))
}

describe("what documentation and runbooks use", () => {
  it.each(documentedForms)("%s", (text) => {
    const script = read(text)
    assert.deepStrictEqual(
      withoutPositions(read(print(script))),
      withoutPositions(script),
      print(script),
    )
  })
})

/** Left: as somebody types it. Right: what it means. */
const meanings: readonly (readonly [string, string])[] = [
  ["Get-X -A:$false -B: $true", "Get-X -A:$false -B:$true"],
  ["Get-X -A a,\n  b , c", "Get-X -A a, b, c"],
  ['Get-X \'it\'\'s\' "say ""hi"""', "Get-X 'it''s' 'say \"hi\"'"],
  [
    "Get-X \u201cquoted\u201d \u2018single\u2019 \u2014Name \u2013B",
    "Get-X quoted single -Name -B",
  ],
  ["Get-X\u00a0-A\u2009b\u3000c", "Get-X -A b c"],
  ['Get-X "`$5 `"`u{41}`" `t"', "Get-X '$5 \"A\" \t'"],
  ['"$x.Name ${x}y $($x.Name)"', '"${x}.Name ${x}y $($x.Name)"'],
  ['"a $(Get-X -B ""c d"") e"', '"a $(Get-X -B ""c d"") e"'],
  ['"a $(Get-X -B "c d") e"', '"a $(Get-X -B ""c d"") e"'],
  ["Get-X https://$org-admin.sharepoint.com", 'Get-X "https://${org}-admin.sharepoint.com"'],
  ["Get-X C:\\'Program Files'\\a", "Get-X 'C:\\Program Files\\a'"],
  ["Get-X -A -5 1gb 0x10 1.5e3 7z 00:30:00", "Get-X -A -5 1gb 0x10 1.5e3 '7z' '00:30:00'"],
  ["Get-X a#b #c", "Get-X 'a#b'"],
  ["@'\n$x 'y'\n'@", "'$x ''y'''"],
  ['@"\r\n$x\r\n"@', '"${x}"'],
  ["$x=1;$y  +=  2\n\n;$x", "$x = 1\n$y += 2\n$x"],
  ["$a + 2 * $b -eq 4 -and !$c", "$a + 2 * $b -eq 4 -and -not $c"],
  ["$x -ieq 1 -and $y -CEQ 2", "$x -eq 1 -and $y -ceq 2"],
  ["1..3 | % { $_ }", "1 .. 3 | % { $_ }"],
  ["Get-X |\n  ?{$_.A}", "Get-X | ? { $_.A }"],
  ["(Get-X -A b).Url[0].Trim('/')", "(Get-X -A b).Url[0].Trim('/')"],
  ["@{a=1\nb='x';'c d'=@(1,2)}", "@{ a = 1; b = 'x'; 'c d' = @(1, 2) }"],
  ["[STRING[]] $x = 'a','b'", "[STRING[]]$x = 'a', 'b'"],
  ["$x.a.b = $y['k']", "$x.a.b = $y['k']"],
  ["if ($a) { 1 }\nelseif ($b) { 2 }\nelse { 3 }", "if ($a) { 1 } else if ($b) { 2 } else { 3 }"],
  ["Get-X @params -A $_.B", "Get-X @params -A $_.B"],
  ["\ufeffGet-X", "Get-X"],
  ["Get-X --name a", "Get-X '--name' a"],
  ["Get-X a,-b", "Get-X a, '-b'"],
  ["", ""],
  ["# nothing", ""],
]

describe("what a line means", () => {
  it.each(meanings)("%j is %j", (text, meaning) => {
    assert.strictEqual(canonical(text), meaning.replace("else if", "elseif"))
  })

  it("knows where everything stands", () => {
    const [, second] = read("Get-A\n  Get-B -Name x").statements
    assert.deepStrictEqual(second?.span, { offset: 8, length: 13, line: 2, column: 3 })
  })

  it("finds its way through doubled quotes and carriage returns", () => {
    const text = 'Get-A\r\n"x $(Get-B -C ""d"" -E <f>)"'
    assert.include(refusal(text), "At line:2 char:24\n")
    assert.include(refusal(text), "Replace the placeholder <f> with a value.")
  })
})

/** Left: a line. Right: the error id and what the message has to say. */
const refusals: readonly (readonly [string, string, string])[] = [
  ["Get-X 'abc", "TerminatorExpectedAtEndOfString", "The string is missing the terminator: '."],
  ["@'\nabc\n '@", "WhitespaceBeforeHereStringFooter", "White space is not allowed"],
  ["@'abc\n'@", "UnexpectedCharactersAfterHereStringHeader", "No characters are allowed"],
  ["Get-X {", "MissingEndCurlyBrace", "Missing closing '}'"],
  ["@{a=1", "MissingEndCurlyBrace", "Missing closing '}'"],
  ["(Get-X", "MissingEndParenthesisInExpression", "Missing closing ')'"],
  ["@(1", "MissingEndParenthesisInSubexpression", "Missing closing ')'"],
  ["Get-X |", "EmptyPipeElement", "An empty pipe element is not allowed."],
  ["| Get-X", "EmptyPipeElement", "An empty pipe element is not allowed."],
  ["Get-X -A a,", "MissingExpression", "Missing expression after ','"],
  ["Get-X -A:", "ParameterRequiresArgument", "Parameter -A: requires an argument."],
  ["Get-X , a", "MissingArgument", "Missing argument in parameter list."],
  ["Get-X }", "UnexpectedToken", "Unexpected token '}'"],
  ["5 Get-X", "UnexpectedToken", "Unexpected token 'Get-X'"],
  ["$x -foo 1", "UnexpectedToken", "Unexpected token '-foo'"],
  ["@{a}", "MissingEqualsInHashLiteral", "Missing '=' operator after key"],
  ["@{a=1;A=2}", "DuplicateKeyInHashLiteral", "Duplicate keys 'A'"],
  ['"$x: y"', "InvalidVariableReferenceWithDrive", "Consider using ${} to delimit the name."],
  ["Get-X | $x", "ExpressionsMustBeFirstInPipeline", "only allowed as the first element"],
  ["Get-X() = 5", "ExpectedExpression", "An expression was expected after '('."],
  ["5 = $x", "InvalidLeftHandSide", "The assignment expression is not valid."],
  ["<# x", "MissingTerminatorMultiLineComment", "The terminator '#>' is missing"],
  ["$x.", "MissingPropertyName", "Missing property name"],
  ["$x[", "MissingArrayIndexExpression", "Array index expression is missing"],
  ["$x[1", "MissingEndSquareBracket", "Missing ']'"],
  ["- Set-X", "MissingExpressionAfterOperator", "Missing expression after unary operator '-'"],
  ["Get-X <id>", "RedirectionNotSupported", "Replace the placeholder <id> with a value."],
  ["function f {}", "OutsideSubset", "The 'function' statement is outside the subset"],
  ["while ($x) {}", "OutsideSubset", "The 'while' statement"],
  ["Get-X > a.txt", "OutsideSubset", "The redirection operator '>'"],
  ["PS C:\\> Get-X", "UnexpectedToken", "The line begins with a prompt"],
  ["PS> Get-X", "UnexpectedToken", "prompt"],
  ["PS C:\\>Get-X", "UnexpectedToken", "prompt"],
  ["PS > Get-X", "OutsideSubset", "prompt"],
  ["Get-X && Get-Y", "OutsideSubset", "The pipeline chain operator '&&'"],
  ["Get-X &", "OutsideSubset", "The background operator '&'"],
  ["& 'Get-X'", "OutsideSubset", "The call operator '&'"],
  [". .\\x.ps1", "OutsideSubset", "Dot-sourcing"],
  ["$x -replace 'a','b'", "OutsideSubset", "The operator '-replace'"],
  ["$x++", "OutsideSubset", "The operator '++'"],
  ["[IO.File]::Delete('x')", "OutsideSubset", "The static member '[IO.File]::Delete()'"],
  ["$x.Kill()", "OutsideSubset", "The method 'Kill()'"],
  ["[Foo.Bar]$x", "OutsideSubset", "The type [Foo.Bar]"],
  ["[Parameter()]$x", "OutsideSubset", "An attribute"],
  ["$a, $b = 1, 2", "OutsideSubset", "Assigning to several variables at once"],
  ["Get-X --% a", "OutsideSubset", "The stop-parsing token"],
]

describe("what cannot be read says why", () => {
  it.each(refusals)("%j: %s", (text, errorId, message) => {
    const shown = refusal(text)
    assert.include(shown, `FullyQualifiedErrorId : ${errorId}`)
    assert.include(shown, message)
  })

  it("looks like PowerShell", () => {
    assert.strictEqual(
      refusal('Get-SPOSite\nSet-SPOSite -Identity "https://contoso.sharepoint.com'),
      `At line:2 char:23
+ Set-SPOSite -Identity "https://contoso.sharepoint.com
+                       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
The string is missing the terminator: ".
    + CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException
    + FullyQualifiedErrorId : TerminatorExpectedAtEndOfString`,
    )
  })
})

/** Pasted text: the odd character, its code point, and the line that was meant. */
const pasted: readonly (readonly [string, string, string])[] = [
  ["Set-X\u0bd7-A b", "U+0BD7 (TAMIL AU LENGTH MARK)", "Did you mean: Set-X -A b"],
  ["Set-X\u200b -A b", "U+200B (ZERO WIDTH SPACE)", "Did you mean: Set-X -A b"],
  ["\u2022 Set-X -A b", "U+2022 (BULLET)", "Did you mean: Set-X -A b"],
  ["\uf0b7Set-X -A b", "U+F0B7", "Did you mean: Set-X -A b"],
  ["Set\u2011X -A b", "U+2011 (NON-BREAKING HYPHEN)", "Did you mean: Set-X -A b"],
  ["Set-X \u2011A b", "U+2011 (NON-BREAKING HYPHEN)", "Did you mean: -A b"],
  ["Set-X -A\u00ad b", "U+00AD (SOFT HYPHEN)", "Did you mean: -A b"],
  ["Set-X -A b\u0007", "U+0007", "Did you mean: b"],
  ["Set-X -A b\u202ec", "U+202E (RIGHT-TO-LEFT OVERRIDE)", "Did you mean: bc"],
  ["\0Set-X", "U+0000 (NULL)", "Did you mean: Set-X"],
]

describe("odd characters of pasted text are named, not swallowed", () => {
  it.each(pasted)("%j", (text, name, meant) => {
    const shown = refusal(text)
    assert.include(shown, name)
    assert.include(shown, meant)
  })

  it("leaves them alone in quotes, and takes letters of any language", () => {
    assert.strictEqual(canonical("Get-X '\u2022 \u0bd7 \u2011'"), "Get-X '\u2022 \u0bd7 \u2011'")
    assert.strictEqual(
      canonical("Get-X caf\u0065\u0301 Stra\u00dfe"),
      "Get-X 'cafe\u0301' 'Stra\u00dfe'",
    )
    assert.strictEqual(canonical("Get-X a\u2011b"), "Get-X 'a\u2011b'")
  })
})
