import { deny, gate, pass } from "@twin/kernel"
import { requestDenied } from "../graphRefusals.ts"
import type { GroupChangeFacets } from "./evaluateGroupChange.ts"

/** `allowedToCreateSecurityGroups` of the authorization policy: it is about members without a role. */
export const securityGroupsByMembers = gate<GroupChangeFacets>()({
  name: "member-security-groups",
  facts: ["IDN-104", "IDN-242"],
  reads: ["kind", "manager", "mayMembersCreate"],
  check: ({ kind, manager, mayMembersCreate }) => {
    const details = { kind, manager, allowedToCreateSecurityGroups: mayMembersCreate }
    return kind === "security" && manager !== "administrator" && !mayMembersCreate
      ? deny(
          "The authorization policy keeps security groups to administrators.",
          details,
          requestDenied,
        )
      : pass("The authorization policy lets this person make such a group.", details)
  },
})
