import type { FaultDefinition } from "@twin/kernel"

/** Disturbances that this domain honours. */
export const identityFaults: readonly FaultDefinition[] = [
  {
    name: "code-mail-delayed",
    summary: "Mails with a code arrive a quarter of an hour late.",
    facts: ["IDN-279"],
  },
  {
    name: "code-mail-lost",
    summary: "Mails with a code never arrive.",
    facts: ["IDN-279"],
  },
  {
    name: "code-mail-unavailable",
    summary: "The service cannot send a code and says so.",
    facts: ["IDN-279"],
  },
  {
    name: "directory-outage",
    summary: "The directory does not answer: nobody new can sign in or be invited.",
    facts: ["IDN-262"],
  },
  {
    name: "clock-skew",
    summary: "The clock that judges codes, tokens and assertions runs ten minutes ahead.",
    facts: ["IDN-049", "IDN-258"],
  },
  {
    name: "clock-behind",
    summary: "The clock that judges codes, tokens and assertions is ten minutes late.",
    facts: ["IDN-049", "IDN-258"],
  },
  {
    name: "dynamic-membership-delayed",
    summary: "Membership rules are evaluated a day after a change.",
    facts: ["IDN-219"],
  },
  {
    name: "role-change-delayed",
    summary: "A new or activated role counts after a quarter of an hour, or after a new sign-in.",
    facts: ["IDN-246"],
  },
  {
    name: "dynamic-membership-failing",
    summary: "Membership rules are not evaluated at all, and their groups say so.",
    facts: ["IDN-220"],
  },
  {
    name: "invitation-processing-delayed",
    summary: "Invitations stay in progress for a quarter of an hour before their mail goes out.",
    facts: ["IDN-017"],
  },
]
