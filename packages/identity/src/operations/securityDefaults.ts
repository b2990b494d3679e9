import { type Call, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateSecurityDefaultsChange } from "../decisions/securityDefaults.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { readSettings } from "./authorizationPolicy.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

export const getSecurityDefaults = operation({
  name: "Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy",
  summary: "Shows whether security defaults are on.",
  params: Schema.Struct({}),
  facts: ["IDN-187"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: readSettings(call),
    output: [
      {
        Id: "00000000-0000-0000-0000-000000000005",
        DisplayName: "Security Defaults",
        IsEnabled: call.world.identity.securityDefaults.isEnabled,
      },
    ],
  }),
})

export const updateSecurityDefaults = graphCmdlet({
  name: "Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy",
  summary: "Switches security defaults on or off.",
  params: {
    IsEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether security defaults are on; switch" }),
    ),
  },
  body: Schema.Struct({ isEnabled: Schema.Boolean }),
  binding: { switches: ["IsEnabled"] },
  roles: [roles.securityAdministrator, roles.globalAdministrator],
  facts: ["IDN-153", "IDN-187", "IDN-242", "IDN-267"],
  decide: (call, { isEnabled }): Ruling<IdentityEvent> => {
    const decision = evaluateSecurityDefaultsChange(call.world, isEnabled)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "SecurityDefaultsSet", isEnabled, at: call.now }],
      audit: [auditLine("Update security defaults", "Security Defaults", { IsEnabled: isEnabled })],
    }
  },
})
