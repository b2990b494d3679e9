/** Where an access problem is cured that looks like missing rights and is none (MIP-194). */
export interface AccessSymptom {
  readonly symptom: string
  /** What in Entra causes it. */
  readonly cause: string
  readonly cures: readonly string[]
}

/** The three families of symptoms that come from the configuration of Entra (MIP-187 to MIP-194). */
export const accessSymptoms = {
  "content-of-another-organization": {
    symptom: "Mail and documents from another organization cannot be opened.",
    cause: "cross-tenant access settings",
    cures: [
      "allow the rights management application outbound in the reader's organization",
      "allow the rights management application inbound in the owner's organization",
    ],
  },
  "joint-project": {
    symptom: "A partner cannot open the documents of a project that groups protect.",
    cause: "Conditional Access for people from outside",
    cures: [
      "trust multifactor authentication or devices of the partner in the inbound settings",
      "make the partner a guest who registers a second factor here",
      "exclude the rights management application or these people from the policy",
    ],
  },
  "office-only": {
    symptom: "Opening works in the office and not elsewhere.",
    cause: "Conditional Access with a condition on locations",
    cures: [
      "register the second factor that the policy asks for elsewhere",
      "exclude the rights management application from the policy",
    ],
  },
  rights: {
    symptom: "The content does not name this person.",
    cause: "the permissions of the content",
    cures: ["add the person to a group that the label names, or change the permissions"],
  },
  software: {
    symptom: "The application cannot sign this account in.",
    cause: "account and software",
    cures: ["use software that supports the account, or an account that the software supports"],
  },
  service: {
    symptom: "The protection service or a key does not answer.",
    cause: "the service",
    cures: ["bring the service or key back"],
  },
  none: { symptom: "The content opens.", cause: "none", cures: [] },
} as const satisfies Record<string, AccessSymptom>
export type SymptomFamily = keyof typeof accessSymptoms

/** Families by the gate that decided. */
const byGate: Readonly<Record<string, SymptomFamily>> = {
  "home-outbound": "content-of-another-organization",
  "resource-inbound": "content-of-another-organization",
  "conditional-access-block": "joint-project",
  "conditional-access-grant": "joint-project",
  "sign-in-frequency": "joint-project",
  "usage-rights": "rights",
  revocation: "rights",
  "content-expiry": "rights",
  "application-enforces": "rights",
  "software-supports-identity": "software",
  "software-reads-format": "software",
  "content-cipher": "software",
}

/** The family of a refusal; `opensAtWork`: the same question from a trusted network is allowed. */
export const symptomOf = (o: {
  readonly isAllowed: boolean
  readonly gate: string
  readonly opensAtWork: boolean
}): SymptomFamily => {
  if (o.isAllowed) return "none"
  const family = byGate[o.gate] ?? "service"
  return family === "joint-project" && o.opensAtWork ? "office-only" : family
}
