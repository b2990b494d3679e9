import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { runScript } from "../src/run.ts"
import { errorsOf, newSession, printedText } from "../src/Shell.ts"
import { makeSampleTenant } from "./sampleTenant.ts"

/** What the console shows after a script on a fresh tenant. */
const shows = Effect.fnUntraced(function* (script: string) {
  const { host } = makeSampleTenant()
  return printedText(yield* runScript(script, host))
})

const after = Effect.fnUntraced(function* (script: string) {
  const { host, world } = makeSampleTenant()
  const run = yield* runScript(script, host)
  return { run, world: world(), errors: errorsOf(run).map(({ errorId }) => errorId) }
})

describe("cmdlets", () => {
  it.effect("runs the lines of the seeds", () =>
    Effect.gen(function* () {
      const { world, run } = yield* after(
        "Set-SPOTenant -EnableAzureADB2BIntegration $true\nSet-SPOTenant -SyncAadB2BManagementPolicy $true",
      )
      assert.isTrue(world.tenant["EnableAzureADB2BIntegration"])
      assert.strictEqual(printedText(run), "")
      assert.deepStrictEqual(
        run.messages.map((it) => (it._tag === "Called" ? it.decision.outcome : it._tag)),
        ["allow", "allow"],
      )
    }),
  )

  it.effect("prints objects like Format-List", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* shows("Get-SPOSite https://contoso.sharepoint.com/sites/hr"),
        [
          "Url                     : https://contoso.sharepoint.com/sites/hr",
          "Title                   : HR",
          "SharingCapability       : ExternalUserSharingOnly",
          "StorageQuota            : 1024",
          "Owners                  : {alex@contoso.com, pat@contoso.com}",
          "IsHub                   : True",
          "SensitivityLabel        : ",
          "LastContentModifiedDate : 7/15/2026 6:05:09 PM",
        ].join("\n"),
      )
    }),
  )

  it.effect("prints tables", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* shows("Get-SPOSite | ft Title, StorageQuota, sharing* -AutoSize"),
        [
          "Title StorageQuota SharingCapability",
          "----- ------------ -----------------",
          "LEGAL         1024 Disabled",
          "HR            1024 ExternalUserSharingOnly",
          "SALES         1024 ExternalUserAndGuestSharing",
        ].join("\n"),
      )
    }),
  )

  it.effect("pipes objects into a cmdlet by its key, one after the other", () =>
    Effect.gen(function* () {
      const { world } = yield* after(
        "Get-SPOSite | Where-Object SharingCapability -NE Disabled | Set-SPOSite -SharingCapability Disabled -DisableSharingForNonOwners",
      )
      const levels = Object.values(world.sites).map((site) => site["SharingCapability"])
      assert.deepStrictEqual(levels, ["Disabled", "Disabled", "Disabled"])
    }),
  )

  it.effect("changes nothing with -WhatIf and says what would happen", () =>
    Effect.gen(function* () {
      const { world, run } = yield* after(
        "Get-SPOSite | Set-SPOSite -LockState NoAccess -WhatIf; Set-SPOTenant -SharingCapability Disabled -wi",
      )
      assert.deepStrictEqual(world, makeSampleTenant().world())
      assert.strictEqual(
        printedText(run),
        [
          'What if: Performing the operation "Set-SPOSite" on target "https://contoso.sharepoint.com/sites/legal".',
          'What if: Performing the operation "Set-SPOSite" on target "https://contoso.sharepoint.com/sites/hr".',
          'What if: Performing the operation "Set-SPOSite" on target "https://contoso.sharepoint.com/sites/sales".',
          'What if: Performing the operation "Set-SPOTenant" on target "SPOTenant".',
        ].join("\n"),
      )
    }),
  )

  it.effect("shows warnings, unless nobody wants them", () =>
    Effect.gen(function* () {
      const line = "Set-SPOTenant -SharingCapability ExternalUserAndGuestSharing"
      assert.strictEqual(yield* shows(line), "WARNING: Anyone links are on.")
      assert.strictEqual(yield* shows(`${line} -WarningAction SilentlyContinue`), "")
    }),
  )

  it.effect("keeps secrets out of the messages", () =>
    Effect.gen(function* () {
      const { run } = yield* after('New-DlpComplianceRule a b -Password "hunter2" | Out-Null')
      assert.deepInclude(run.messages[0], {
        params: { Name: "a", Policy: "b", Password: "***" },
      })
    }),
  )
})

describe("errors", () => {
  it.effect("goes on with the next line after a refusal", () =>
    Effect.gen(function* () {
      const { world, errors, run } = yield* after(
        "Set-SPOSite https://nowhere -LockState Unlock\nSet-SPOTenant -SharingCapability Disabled",
      )
      assert.deepStrictEqual(errors, ["ServerException,Set-SPOSite"])
      assert.strictEqual(world.tenant["SharingCapability"], "Disabled")
      assert.isFalse(run.isStopped)
    }),
  )

  it.effect("looks like PowerShell", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* shows("Set-SPOTenant -SharingCapability Anyone"),
        `Set-SPOTenant : Cannot bind parameter 'SharingCapability'. Cannot convert value "Anyone" to type "SharingCapability". Error: "Unable to match the identifier name Anyone to a valid enumerator name. Specify one of the following enumerator names and try again:
Disabled, ExistingExternalUserSharingOnly, ExternalUserSharingOnly, ExternalUserAndGuestSharing"
At line:1 char:34
+ Set-SPOTenant -SharingCapability Anyone
+                                  ~~~~~~
    + CategoryInfo          : InvalidArgument: (:) [Set-SPOTenant], ParameterBindingException
    + FullyQualifiedErrorId : CannotConvertArgumentNoMessage,Set-SPOTenant`,
      )
      assert.strictEqual(
        yield* shows("Set-SPOTenat"),
        `Set-SPOTenat : The term 'Set-SPOTenat' is not recognized as a name of a cmdlet, function, script file, or executable program.
Check the spelling of the name, or if a path was included, verify that the path is correct and try again.
Did you mean Set-SPOTenant or Get-SPOTenant?
At line:1 char:1
+ Set-SPOTenat
+ ~~~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (Set-SPOTenat:String) [Set-SPOTenat], CommandNotFoundException
    + FullyQualifiedErrorId : CommandNotFoundException`,
      )
    }),
  )

  it.effect("stops where the script asks for it", () =>
    Effect.gen(function* () {
      for (const script of [
        "Set-SPOSite https://nowhere -LockState Unlock -ErrorAction Stop\nSet-SPOTenant -SharingCapability Disabled",
        "$ErrorActionPreference = 'Stop'\nGet-Nothing\nSet-SPOTenant -SharingCapability Disabled",
      ]) {
        const { world, run, errors } = yield* after(script)
        assert.isTrue(run.isStopped)
        assert.lengthOf(errors, 1)
        assert.strictEqual(world.tenant["SharingCapability"], "ExternalUserSharingOnly")
      }
    }),
  )

  it.effect("is silent where the script asks for it", () =>
    Effect.gen(function* () {
      const line =
        "Set-SPOSite https://nowhere -LockState Unlock -ErrorAction SilentlyContinue -ErrorVariable oops\n$oops"
      assert.strictEqual(yield* shows(line), "Cannot get site https://nowhere.")
    }),
  )

  it.effect("names what the twin does not model, and who lacks a role", () =>
    Effect.gen(function* () {
      assert.include(yield* shows("Set-SPOTenant -MediaTranscription On"), "NotImplemented: (:)")
      const { host } = makeSampleTenant({
        id: "pat@contoso.com",
        kind: "member",
        roles: [],
        client: { app: "powershell", device: "managed", ipAddress: "203.0.113.10" },
      })
      const run = yield* runScript("Set-SPOTenant -SharingCapability Disabled", host)
      assert.include(printedText(run), "PermissionDenied: (:) [Set-SPOTenant], AccessDenied")
    }),
  )

  it.effect("does not begin a script that cannot be read", () =>
    Effect.gen(function* () {
      const { world, run, errors } = yield* after(
        'Set-SPOTenant -SharingCapability Disabled\nGet-SPOSite "',
      )
      assert.isTrue(run.isStopped)
      assert.deepStrictEqual(errors, ["TerminatorExpectedAtEndOfString"])
      assert.strictEqual(world.tenant["SharingCapability"], "ExternalUserSharingOnly")
    }),
  )

  it.effect("tells an operation's own finding about a value apart", () =>
    Effect.gen(function* () {
      const text = yield* shows("Set-SPOTenant -ExternalUserExpireInDays 5")
      assert.include(text, "Cannot validate argument on parameter 'ExternalUserExpireInDays'.")
      assert.include(text, "InvalidData: (:) [Set-SPOTenant], ParameterBindingValidationException")
    }),
  )

  it.effect("ends a script that would never end", () =>
    Effect.gen(function* () {
      const script = "foreach ($i in 1..100000) { foreach ($j in 1..100000) { $x = $i + $j } }"
      const { errors } = yield* after(script)
      assert.deepStrictEqual(errors, ["ScriptTooComplicated"])
    }),
  )
})

describe("sessions", () => {
  it.effect("keeps variables from run to run, and a fork apart from the original", () =>
    Effect.gen(function* () {
      const { host } = makeSampleTenant()
      const first = yield* runScript("$x = @{ a = 1 }; $n = 1", host, newSession)
      const fork = yield* runScript("$x.a = 2; $n += 5; $x.a", host, first.session)
      const other = yield* runScript("$x.a; $n", host, first.session)
      assert.strictEqual(printedText(fork), "2")
      assert.strictEqual(printedText(other), "1\n1")
    }),
  )

  it.effect("draws another GUID each time, the same in each run", () =>
    Effect.gen(function* () {
      const first = yield* shows("[guid]::NewGuid(); [guid]::NewGuid()")
      assert.strictEqual(first, yield* shows("[guid]::NewGuid(); [guid]::NewGuid()"))
      const [a, b] = first.split("\n")
      assert.notStrictEqual(a, b)
    }),
  )
})

/** Left: a script. Right: what the console shows. */
const scripts: readonly (readonly [string, string])[] = [
  ["(Get-SPOTenant).SharingCapability", "ExternalUserSharingOnly"],
  ["(Get-SPOSite).Title", "LEGAL\nHR\nSALES"],
  ["(Get-SPOSite).Count; (Get-SPOTenant).Count", "3\n1"],
  ["(Get-SPOSite)[-1].Title", "SALES"],
  ["(Get-SPOTenant)[0].SharingCapability", "ExternalUserSharingOnly"],
  ["$n = 4; $n[0]; $n[-1]; $null -eq $n[1]", "4\n4\nTrue"],
  ['"There are $((Get-SPOSite).Count) sites, $x and ${x}"', "There are 3 sites,  and "],
  ["Get-SPOSite | % Title", "LEGAL\nHR\nSALES"],
  ["Get-SPOSite | ForEach-Object { $_.Title.ToLower() }", "legal\nhr\nsales"],
  [
    "Get-SPOSite | select -First 1 -ExpandProperty Url",
    "https://contoso.sharepoint.com/sites/legal",
  ],
  [
    "Get-SPOSite | ? { $_.SharingCapability -like 'External*' -and -not $_.IsHub } | % Title",
    "SALES",
  ],
  ["Get-SPOSite | ? { $_.Owners -contains 'PAT@contoso.com' } | measure | % Count", "3"],
  [
    "Get-SPOSite | ? { $_.LastContentModifiedDate -gt (Get-Date).AddDays(-40) } | sort Title | % Title",
    "LEGAL\nSALES",
  ],
  [
    "Get-SPOSite | sort Title -Descending | select Title, @{n='Hub';e={$_.IsHub}} -First 1 | fl",
    "Title : SALES\nHub   : False",
  ],
  ['Get-SPOSite | group IsHub | % { "$($_.Name) $($_.Count)" }', "False 2\nTrue 1"],
  ["Get-SPOSite | where Title -match '^(hr|legal)$' | % Title", "LEGAL\nHR"],
  [
    "$s = @(); foreach ($site in Get-SPOSite) { $s += $site.Title }; $s -join ','",
    "LEGAL,HR,SALES",
  ],
  [
    "$e = @(); $e.Count; $h = @{ a = @(1) }; $h.a.Count; (@()).Count; $n = $(@()); $null -eq $n",
    "0\n1\n0\nTrue",
  ],
  ["@($null).Count; $null; foreach ($x in $null) { 'never' }; $nothing | % { 'never' }", "1"],
  ["if ((Get-SPOSite).Count -gt 2) { 'many' } elseif ($true) { 'few' } else { 'none' }", "many"],
  [
    "$p = @{ SharingCapability = 'Disabled' }; Set-SPOTenant @p; (Get-SPOTenant).SharingCapability",
    "Disabled",
  ],
  ["$h = @{}; $h[1033] = 'x'; $h.b = @{ c = 1 }; $h.b.c += 1; $h.b.c; $h.Count", "2\n2"],
  ["$a = 1,2,3; $a[1] = 9; $a[0..1]; $a[-1]", "1\n9\n3"],
  ["[int]'5' + 1; 5 + '1'; '5' + 1", "6\n6\n51"],
  [
    "[string[]]$x = 'a'; $x += 'b'; $x.Count; [bool]'False'; [guid]'0E421E6D-EA17-4FDB-8F01-93A3E71333B8'",
    "2\nTrue\n0e421e6d-ea17-4fdb-8f01-93a3e71333b8",
  ],
  [
    "(Get-Date).ToString('yyyy-MM-dd'); Get-Date -Format 'HH:mm'; Get-Date",
    "2026-09-01\n08:00\n9/1/2026 8:00:00 AM",
  ],
  [
    "[datetime]'8/1/2026' -lt (Get-Date); ((Get-Date) - [datetime]'2026-08-31').TotalHours",
    "True\n32",
  ],
  ["New-TimeSpan -Hours 30; (New-TimeSpan -Days 2).Days", "1.06:00:00\n2"],
  ["1..3 | ? { $_ % 2 }; 3..1", "1\n3\n3\n2\n1"],
  ["'a','B' -contains 'b'; 'b' -cin 'a','B'; 2 -in 1,2; 'x' -notin 'y'", "True\nFalse\nTrue\nTrue"],
  ["$null -eq $nothing; $nothing.Url; $nothing.Count", "True\n0"],
  ["'{0} of {1}' -f 1, 'two'; -join ('a','b')", "1 of two\nab"],
  [
    "Write-Host 'hello' 5; Write-Output a b; Write-Warning careful",
    "hello 5\na\nb\nWARNING: careful",
  ],
  ["ConvertTo-Json @('.dwg', '.zip') -Compress", '[".dwg",".zip"]'],
  ["@{ a = 1 } | ConvertTo-Json -Compress", '{"a":1}'],
  ["Get-SPOSite | Out-Null", ""],
  [
    "Get-SPOTenant | select SharingAllowedDomainList, *B2B* | fl",
    "SharingAllowedDomainList    : \nEnableAzureADB2BIntegration : False",
  ],
  ["(Get-Command *Tenant).Name", "Get-SPOTenant\nSet-SPOTenant"],
  [
    "Connect-SPOService -Url https://contoso-admin.sharepoint.com -Credential $cred",
    "Connect-SPOService: the session of the twin is connected already; nothing to do.",
  ],
  [
    "Microsoft.Online.SharePoint.PowerShell\\get-spotenant | % sharingcapability",
    "ExternalUserSharingOnly",
  ],
  ["Get-SPOTenant -Nothing", "NamedParameterNotFound"],
  ["Get-CASMailbox", "Get-Command lists those that it has."],
  [
    "Get-AipService; (Get-AipService).Length; Get-AipService | ? { $_ -eq 'disabled' }",
    "Enabled\n7",
  ],
  ["$t = Get-SPOTenant -OutVariable kept; $kept.SharingCapability", "ExternalUserSharingOnly"],
  ["$u = Get-MgUser -Top 1 -CountVariable n; $u.Id; $N", "alex\n2"],
  [
    "New-DlpComplianceRule r p -Image ([IO.File]::ReadAllBytes('C:\\logo.png')) | % Image",
    "137\n80\n78\n71",
  ],
  ["$x = [pscustomobject]@{ Name = 'a'; Size = 2 }; $x", "Name : a\nSize : 2"],
  ['Write-Host "`e[31mred`a"', "\u241b[31mred\u2407"],
  ["$true = 5", "Cannot overwrite variable true because it is read-only or constant."],
  ["$x = 5; $x.Foo = 1", "The property 'Foo' cannot be found on this object."],
  ["$nothing[0]", "Cannot index into a null array."],
  ["$nothing.Trim()", "You cannot call a method on a null-valued expression."],
  ["5 / 0", "Attempted to divide by zero."],
  ["'a' * 2000000", "The string grows too large for the twin."],
  ["'x' -match '('", "The regular expression pattern ( is not valid"],
  ["$env:USERNAME", "The variable '$env:USERNAME' of the drive 'env' is outside the subset"],
  ["share-file", "'share-file' is an action of a scenario step, not a cmdlet."],
  ["-Identity x", "end that one with a backtick and nothing after it"],
  ["Get-Content C:\\secret.txt", "Could not find file 'C:\\secret.txt'."],
]

describe("what scripts do", () => {
  it.effect.each(scripts)("%j", ([script, shown]) =>
    Effect.gen(function* () {
      const text = yield* shows(script)
      if (text.includes("CategoryInfo")) assert.include(text, shown)
      else assert.strictEqual(text, shown)
    }),
  )
})
