import { assert, describe, it } from "@effect/vitest"
import { type Host, printedText, runScript } from "@twin/powershell"
import { makeTenant, tenantComposition } from "@twin/tenant"
import { Effect } from "effect"

/** A console of somebody at a fresh tenant; what it prints is what the admin would read. */
const console = Effect.fnUntraced(function* () {
  const tenant = yield* makeTenant({ seed: "scripts" })
  return Effect.fnUntraced(function* (as: string, script: string) {
    const actor = yield* tenant.actor(as, { app: "powershell" })
    const host: Host = {
      operations: tenantComposition.operations,
      now: tenant.now,
      call: (operation, params) => tenant.call(actor, operation, params),
    }
    return printedText(yield* runScript(script, host))
  })
})

const team = `New-UnifiedGroup -DisplayName "Orion" -Alias orion -AccessType Private | Out-Null`
const guest = `New-EntraInvitation -InvitedUserEmailAddress zoe@outlook.com -SendInvitationMessage $false -InviteRedirectUrl https://myapplications.microsoft.com | Out-Null`
const add = `Add-EntraGroupMember -GroupId (Get-EntraGroup -Filter "displayName eq 'Orion'").Id -MemberId (Get-EntraUser -Filter "mail eq 'zoe@outlook.com'").Id`
const refused = /Add-EntraGroupMember : The group does not allow guests to be added\./

describe("scripts as admins paste them", () => {
  it.effect("[IDN-106] AzureAD: a setting from its template keeps guests out of one group", () =>
    Effect.gen(function* () {
      const at = yield* console()
      assert.strictEqual(yield* at("ivan", `${team}\n${guest}`), "")
      const shown = yield* at(
        "ivan",
        `Connect-AzureAD
$groupId = (Get-AzureADGroup -SearchString "Orion").ObjectId
$template = Get-AzureADDirectorySettingTemplate | ? {$_.displayname -eq "group.unified.guest"}
$settingsCopy = $template.CreateDirectorySetting()
$settingsCopy["AllowToAddGuests"] = $False
New-AzureADObjectSetting -TargetType Groups -TargetObjectId $groupId -DirectorySetting $settingsCopy | Out-Null
(Get-AzureADObjectSetting -TargetObjectId $groupId -TargetType Groups).Values | ft Name, Value`,
      )
      assert.match(shown, /AllowToAddGuests +False/)
      assert.match(yield* at("ivan", add), refused)
      assert.strictEqual(
        yield* at(
          "ivan",
          `$groupId = (Get-AzureADGroup -SearchString "Orion").ObjectId
$set = Get-AzureADObjectSetting -TargetObjectId $groupId -TargetType Groups
$set["AllowToAddGuests"] = $true
Set-AzureADObjectSetting -TargetType Groups -TargetObjectId $groupId -Id $set.Id -DirectorySetting $set
${add}`,
        ),
        "",
      )
    }),
  )

  it.effect("[IDN-106] Microsoft Graph: the documented lines do the same", () =>
    Effect.gen(function* () {
      const at = yield* console()
      yield* at("ivan", `${team}\n${guest}`)
      const lines = `$templateId = (Get-MgBetaDirectorySettingTemplate | ? {$_.displayname -eq "group.unified.guest"}).Id
$groupID = (Get-MgBetaGroup -Filter "DisplayName eq 'Orion'").Id
$params = @{
	templateId = "$templateId"
	values = @(
		@{
			name = "AllowToAddGuests"
			value = "false"
		}
	)
}
New-MgBetaGroupSetting -GroupId $groupID -BodyParameter $params`
      assert.match(yield* at("ivan", lines), /DisplayName +: Group\.Unified\.Guest/)
      assert.match(yield* at("ivan", add), refused)
      assert.match(yield* at("ivan", lines), /A conflicting object/)
    }),
  )

  it.effect("[IDN-192] Set-UnifiedGroup -UnifiedGroupWelcomeMessageEnabled:$false", () =>
    Effect.gen(function* () {
      const at = yield* console()
      yield* at("ivan", team)
      const shown = `Get-UnifiedGroup Orion | fl WelcomeMessageEnabled`
      assert.match(yield* at("ivan", shown), /: True/)
      assert.strictEqual(
        yield* at("ivan", "Set-UnifiedGroup Orion -UnifiedGroupWelcomeMessageEnabled:$false"),
        "",
      )
      assert.match(yield* at("ivan", shown), /: False/)
    }),
  )

  it.effect("[IDN-010] booleans of the Entra module need a value, and refuse text", () =>
    Effect.gen(function* () {
      const at = yield* console()
      yield* at("ivan", guest)
      const id = `(Get-EntraUser -SearchString zoe@outlook.com).Id`
      assert.match(
        yield* at("ivan", `Set-EntraUser -UserId ${id} -AccountEnabled`),
        /Missing an argument for parameter 'AccountEnabled'\. Specify a parameter of type 'System\.Boolean'/,
      )
      assert.match(
        yield* at("ivan", `Set-EntraUser -UserId ${id} -AccountEnabled "False"`),
        /Boolean parameters accept only Boolean values and numbers/,
      )
      assert.strictEqual(
        yield* at("ivan", `Set-EntraUser -UserId ${id} -AccountEnabled $false`),
        "",
      )
      assert.match(
        yield* at("ivan", `Get-AzureADUser -ObjectId ${id} | fl AccountEnabled`),
        /: False/,
      )
      assert.match(
        yield* at("ivan", `Set-EntraAuthorizationPolicy -AllowInvitesFrom none`),
        /A parameter cannot be found that matches parameter name 'AllowInvitesFrom'/,
      )
    }),
  )

  it.effect("[IDN-014] guests are found, piped and deleted", () =>
    Effect.gen(function* () {
      const at = yield* console()
      yield* at("ivan", guest)
      const guests = `(Get-EntraUser -Filter "userType eq 'Guest'" -All | ? { $_.Mail -eq "zoe@outlook.com" } | measure).Count`
      assert.strictEqual(yield* at("ivan", guests), "1")
      assert.strictEqual(
        yield* at("ivan", `Get-EntraUser -Filter "mail eq 'zoe@outlook.com'" | Remove-EntraUser`),
        "",
      )
      assert.strictEqual(yield* at("ivan", guests), "0")
    }),
  )

  it.effect("[MIP-283] permissions go from one cmdlet to the next in a variable", () =>
    Effect.gen(function* () {
      const at = yield* console()
      assert.match(
        yield* at(
          "alice",
          `$permissions = New-CustomPermissions -Users bob@contoso.com, zoe@outlook.com -Permissions Reviewer -ExpirationDate (Get-Date).AddDays(30)
Set-FileLabel C:\\Projects\\none.docx -CustomPermissions $permissions`,
        ),
        /Set-FileLabel : The file was not found\./,
      )
      assert.match(
        yield* at("alice", "New-CustomPermissions -Users bob@contoso.com -Permissions Editor"),
        /Cannot bind parameter 'Permissions'\..*Viewer, Reviewer, CoAuthor, CoOwner/s,
      )
    }),
  )
})
