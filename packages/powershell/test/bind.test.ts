import { assert, describe, it } from "@effect/vitest"
import type { OperationInfo } from "@twin/kernel"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { assign, convertAssigned, type GivenElement, resolveParameter } from "../src/bind.ts"
import { commandLine } from "../src/commandLine.ts"
import { commandSpecOf } from "../src/ParameterSpec.ts"
import { runScript } from "../src/run.ts"
import { printedText } from "../src/Shell.ts"
import type { Span } from "../src/Syntax.ts"
import { makeSampleTenant, sampleOperations } from "./sampleTenant.ts"

const span: Span = { offset: 0, length: 0, line: 1, column: 1 }

const operationNamed = (name: string): OperationInfo => {
  const found = sampleOperations.get(name.toLowerCase())
  return found ?? assert.fail(`no operation ${name}`)
}

/** What the operation is called with, or what the console shows instead. */
const boundBy = Effect.fnUntraced(function* (line: string) {
  const { host } = makeSampleTenant()
  const run = yield* runScript(line, host)
  const [message] = run.messages
  return message?._tag === "Called" ? message.params : printedText(run)
})

/** Left: a line. Right: the parameters that the operation receives. */
const bindings: readonly (readonly [string, Readonly<Record<string, Schema.Json>>])[] = [
  ["set-spotenant -SHARINGCAPABILITY disabled", { SharingCapability: "Disabled" }],
  ["Set-SPOTenant -SharingC ExternalUserS", { SharingCapability: "ExternalUserSharingOnly" }],
  ["Set-SPOTenant -Enable $true", { EnableAzureADB2BIntegration: true }],
  ["Set-SPOTenant -EnableAzureADB2BIntegration:$False", { EnableAzureADB2BIntegration: false }],
  ["Set-SPOTenant -EnableAzureADB2BIntegration 1", { EnableAzureADB2BIntegration: true }],
  ["Set-SPOTenant -ExternalUserExpireInDays '60'", { ExternalUserExpireInDays: 60 }],
  ["Set-SPOTenant -SharingAllowedDomainList 007", { SharingAllowedDomainList: "007" }],
  ["Set-SPOTenant -SharingAllowedDomainList $null", { SharingAllowedDomainList: "" }],
  [
    "Set-SPOTenant -WhoCanShareAuthenticatedGuestAllowList a",
    { WhoCanShareAuthenticatedGuestAllowList: ["a"] },
  ],
  ["Set-SPOTenant -WhoCan a,b", { WhoCanShareAuthenticatedGuestAllowList: ["a", "b"] }],
  [
    "Set-SPOTenant -WhoCanShareAuthenticatedGuestAllowList $null",
    { WhoCanShareAuthenticatedGuestAllowList: null },
  ],
  [
    "Set-SPOTenant -WhoCanShareAuthenticatedGuestAllowList @()",
    { WhoCanShareAuthenticatedGuestAllowList: [] },
  ],
  [
    "Set-SPOSite -Url https://contoso.sharepoint.com/sites/hr -DisableSharingForNonOwners -Lock NoAccess",
    {
      Identity: "https://contoso.sharepoint.com/sites/hr",
      DisableSharingForNonOwners: true,
      LockState: "NoAccess",
    },
  ],
  [
    "Set-SPOSite -DisableSharingForNonOwners:$false https://contoso.sharepoint.com/sites/hr",
    { Identity: "https://contoso.sharepoint.com/sites/hr", DisableSharingForNonOwners: false },
  ],
  [
    "Get-SPOSite -Filter {Url -like '*hr*'} -Limit ALL -Detailed",
    { Filter: "Url -like '*hr*'", Limit: "ALL", Detailed: true },
  ],
  ["Get-SPOSite -CreatedAfter 8/1/2026", { CreatedAfter: "2026-08-01T00:00:00.000Z" }],
  ["Get-SPOSite -ModifiedDate '8/1/2026 6:30 PM'", { ModifiedDate: "2026-08-01T18:30:00.000Z" }],
  ["Get-SPOSite -ModifiedDate Never", { ModifiedDate: "Never" }],
  [
    "Get-SPOSite -CreatedAfter (Get-Date).AddDays(-1)",
    { CreatedAfter: "2026-08-31T08:00:00.000Z" },
  ],
  [
    "New-DlpComplianceRule r p -ContentContainsSensitiveInformation @{Name='SSN'; mincount='2'; Confidence='High'}",
    {
      Name: "r",
      Policy: "p",
      ContentContainsSensitiveInformation: [{ name: "SSN", minCount: 2, confidence: "High" }],
    },
  ],
  [
    "New-DlpComplianceRule -Policy p r -Settings @{a=1; b=$true} -Owner 0E421E6DEA174FDB8F0193A3E71333B8 -Lifetime (New-TimeSpan -Days 2)",
    {
      Policy: "p",
      Name: "r",
      Settings: { a: "1", b: "True" },
      Owner: "0e421e6d-ea17-4fdb-8f01-93a3e71333b8",
      Lifetime: "2.00:00:00",
    },
  ],
  [
    "$p = @{ Name = 'r'; Policy = 'p' }; New-DlpComplianceRule @p -Anything @{ x = @(1, $null) }",
    { Name: "r", Policy: "p", Anything: { x: [1, null] } },
  ],
  ["$a = 'r', 'p'; New-DlpComplianceRule @a", { Name: "r", Policy: "p" }],
]

/** Left: a line. Right: the error id and what the message has to say. */
const refusals: readonly (readonly [string, string, string])[] = [
  ["Set-SPOTenant -Foo x", "NamedParameterNotFound,Set-SPOTenant", "matches parameter name 'Foo'."],
  [
    "Set-SPOTenant -SharingCapabilty Disabled",
    "NamedParameterNotFound",
    "Did you mean -SharingCapability?",
  ],
  [
    "Set-SPOTenant -SharingCapability=Disabled",
    "NamedParameterNotFound",
    "stands a space, not '='.",
  ],
  [
    "Set-SPOTenant -Sharing x",
    "AmbiguousParameter",
    "the parameter name 'Sharing' is ambiguous. Possible matches include: -SharingCapability -SharingDomainRestrictionMode -SharingAllowedDomainList.",
  ],
  [
    "Set-SPOTenant -SharingCapability",
    "MissingArgument",
    "Missing an argument for parameter 'SharingCapability'. Specify a parameter of type 'SharingCapability' and try again.",
  ],
  [
    "Set-SPOTenant -SharingCapability Disabled -SharingC Disabled",
    "ParameterAlreadyBound",
    "because parameter 'SharingCapability' is specified more than once.",
  ],
  ["Set-SPOTenant Disabled", "PositionalParameterNotFound", "that accepts argument 'Disabled'."],
  [
    "Set-SPOSite x -DisableSharingForNonOwners $true",
    "PositionalParameterNotFound",
    "A switch takes its value after a colon: -Name:$true.",
  ],
  [
    "Set-SPOSite -LockState Unlock",
    "MissingMandatoryParameter",
    "Cannot process command because of one or more missing mandatory parameters: Identity.",
  ],
  [
    "Set-SPOSite -Identity $nothing -LockState Unlock",
    "ParameterArgumentValidationErrorEmptyStringNotAllowed",
    "Cannot bind argument to parameter 'Identity' because it is an empty string.",
  ],
  [
    "New-DlpComplianceRule",
    "MissingMandatoryParameter",
    "missing mandatory parameters: Name Policy.",
  ],
  [
    'Set-SPOTenant -EnableAzureADB2BIntegration "True"',
    "ParameterArgumentTransformationError",
    `Cannot process argument transformation on parameter 'EnableAzureADB2BIntegration'. Cannot convert value "System.String" to type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.\nWrite $true, without quotes.`,
  ],
  [
    "Set-SPOTenant -SharingCapability External",
    "CannotConvertArgumentNoMessage",
    "either too similar or identical to the following enumerator names: ExternalUserSharingOnly, ExternalUserAndGuestSharing. Use a more specific identifier name.",
  ],
  [
    "Set-SPOTenant -ExternalUserExpireInDays many",
    "CannotConvertArgumentNoMessage",
    `Cannot convert value "many" to type "System.Int32". Error: "Input string was not in a correct format."`,
  ],
  [
    "Set-SPOTenant -SharingAllowedDomainList a,b",
    "CannotConvertArgument",
    "Cannot convert 'System.Object[]' to the type 'System.String' required by parameter 'SharingAllowedDomainList'. Specified method is not supported.",
  ],
  [
    "Get-SPOSite -CreatedAfter soon",
    "CannotConvertArgumentNoMessage",
    "not recognized as a valid DateTime.",
  ],
  ["Get-SPOSite -CreatedAfter 2/31/2026", "CannotConvertArgumentNoMessage", "'2/31/2026' was not"],
  [
    "New-DlpComplianceRule r p -Owner x",
    "CannotConvertArgumentNoMessage",
    "Guid should contain 32 digits",
  ],
  [
    "New-DlpComplianceRule r p -Settings x",
    "CannotConvertArgumentNoMessage",
    "System.Collections.Hashtable",
  ],
  ["Get-SPOSite | Get-SPOTenant", "InputObjectNotBound", "The input object cannot be bound"],
  ["Get-SPOTenant -WhatIf", "NamedParameterNotFound", "matches parameter name 'WhatIf'."],
  [
    "Get-SPOTenant -ErrorAction Sometimes",
    "CannotConvertArgumentNoMessage",
    "Specify one of the following enumerator names",
  ],
]

describe("what a line binds to", () => {
  it.effect.each(bindings)("%j", ([line, params]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* boundBy(line), params)
    }),
  )

  it.effect.each(refusals)("%j is refused", ([line, errorId, message]) =>
    Effect.gen(function* () {
      const shown = printedText(yield* runScript(line, makeSampleTenant().host))
      assert.include(shown, errorId)
      assert.include(shown, message)
    }),
  )
})

const rule = operationNamed("New-DlpComplianceRule")
const tenant = operationNamed("Set-SPOTenant")

/** Keys that differ in nothing but case are one key to PowerShell. */
const hasClearKeys = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(hasClearKeys)
  if (typeof value !== "object" || value === null) return true
  const keys = Object.keys(value).map((key) => key.toLowerCase())
  return new Set(keys).size === keys.length && Object.values(value).every(hasClearKeys)
}

/** Parameters of an operation as its schema generates them; GUIDs and spans have forms of their own. */
const paramsOf = (operation: OperationInfo) =>
  Arbitrary.schema(operation.params).pipe(
    Arbitrary.map((params) => {
      const {
        Owner: _owner,
        Lifetime: _lifetime,
        Anything,
        ...rest
      } = params as Record<string, Schema.Json>
      return { ...rest, ...(Anything === undefined ? {} : { Anything }) }
    }),
    Arbitrary.filter((params) => hasClearKeys(params)),
  )

describe("properties of binding", () => {
  const isSaid = Effect.fnUntraced(function* (
    operation: OperationInfo,
    params: Readonly<Record<string, Schema.Json>>,
  ) {
    const line = commandLine(operation, params)
    const shown = Object.fromEntries(
      Object.entries(params).map(([key, value]) => [key, key === "Password" ? "***" : value]),
    )
    assert.deepStrictEqual(yield* boundBy(line), shown, line)
  })

  it.effect.prop("every parameter set of a schema can be typed", [paramsOf(rule)], ([params]) =>
    isSaid(rule, params),
  )

  it.effect.prop("every tenant setting can be typed", [paramsOf(tenant)], ([params]) =>
    isSaid(tenant, params),
  )

  const names = commandSpecOf(tenant).parameters.map(({ name }) => name)
  const Name = Schema.Literals(names as [string, ...string[]])
  const Cut = Schema.Struct({
    name: Name,
    keep: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 })),
    upper: Schema.Boolean,
  })

  it.prop(
    "a name in any case and cut anywhere means itself, several names, or nothing else",
    [Cut],
    ([cut]) => {
      const text = cut.name.slice(0, cut.keep)
      const found = resolveParameter(
        commandSpecOf(tenant),
        cut.upper ? text.toUpperCase() : text.toLowerCase(),
        span,
      )
      const near = names.filter((it) => it.toLowerCase().startsWith(text.toLowerCase()))
      if (Result.isSuccess(found)) {
        assert.isTrue(found.success.name === cut.name || found.success.aliases.length > 0)
      } else {
        assert.strictEqual(found.failure.complaint.errorId, "AmbiguousParameter")
        for (const name of near) assert.include(found.failure.complaint.message, `-${name}`)
      }
    },
  )

  const Shuffled = Schema.Array(Schema.Number).check(Schema.isMinLength(4), Schema.isMaxLength(4))

  it.prop("the order of named parameters does not matter", [Shuffled], ([keys]) => {
    const elements: readonly GivenElement[] = [
      { kind: "named", name: "SharingCapability", span, given: { value: "Disabled" } },
      { kind: "named", name: "EnableAzureADB2BIntegration", span, given: { value: true } },
      { kind: "named", name: "SharingAllowedDomainList", span, given: { value: "a.com" } },
      { kind: "named", name: "ExternalUserExpireInDays", span, given: { value: 60 } },
    ]
    const command = commandSpecOf(tenant)
    const shuffled = elements
      .map((element, index) => ({ element, key: keys[index] ?? 0 }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ element }) => element)
    const convert = (given: readonly GivenElement[]) =>
      Result.flatMap(assign(command, given), (assigned) => convertAssigned(command, assigned, span))
    assert.deepStrictEqual(convert(shuffled), convert(elements))
  })

  it.effect("piped, splatted or typed: the same call", () =>
    Effect.gen(function* () {
      const url = "https://contoso.sharepoint.com/sites/hr"
      const typed = yield* boundBy(`Set-SPOSite -Identity ${url} -LockState NoAccess`)
      const splatted = `$p = @{ LockState = 'NoAccess'; Identity = '${url}' }; Set-SPOSite @p`
      assert.deepStrictEqual(yield* boundBy(`'${url}' | Set-SPOSite -LockState NoAccess`), typed)
      assert.deepStrictEqual(yield* boundBy(splatted), typed)
      assert.deepStrictEqual(
        yield* boundBy(`[pscustomobject]@{ Url = '${url}' } | Set-SPOSite -LockState NoAccess`),
        typed,
      )
    }),
  )
})
