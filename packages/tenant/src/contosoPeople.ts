/** Somebody of the baseline. The first name is fixed; the family name comes from the seed. */
export interface NamedMember {
  readonly name: string
  readonly department: string
  readonly jobTitle: string
  /** Entra roles, active. */
  readonly roles: readonly string[]
}

/** The people of contoso.com. */
export const members: readonly NamedMember[] = [
  { name: "Alice", department: "Finance", jobTitle: "Finance Lead", roles: [] },
  { name: "Bob", department: "Legal", jobTitle: "Counsel", roles: [] },
  { name: "Carol", department: "Engineering", jobTitle: "Engineering Lead", roles: [] },
  { name: "Dave", department: "Human Resources", jobTitle: "HR Partner", roles: [] },
  { name: "Erin", department: "Sales", jobTitle: "Account Manager", roles: [] },
  { name: "Frank", department: "Marketing", jobTitle: "Campaign Manager", roles: [] },
  {
    name: "Grace",
    department: "IT",
    jobTitle: "SharePoint Engineer",
    roles: ["SharePoint Administrator"],
  },
  {
    name: "Heidi",
    department: "IT",
    jobTitle: "Messaging Engineer",
    roles: ["Exchange Administrator"],
  },
  {
    name: "Ivan",
    department: "IT",
    jobTitle: "Head of IT",
    roles: ["Global Administrator"],
  },
  {
    name: "Judy",
    department: "Compliance",
    jobTitle: "Compliance Officer",
    roles: ["Compliance Administrator"],
  },
  { name: "Mallory", department: "Sales", jobTitle: "Intern", roles: [] },
  { name: "Olivia", department: "Engineering", jobTitle: "Engineer", roles: [] },
]

/** People outside: a partner organisation, and three kinds of account without one. */
export const outsiders = [
  { name: "Nina", address: "nina@fabrikam.com", account: "entra" },
  { name: "Oscar", address: "oscar@fabrikam.com", account: "entra" },
  { name: "Zoe", address: "zoe@outlook.com", account: "microsoft-account" },
  { name: "Gus", address: "gus@gmail.com", account: "google" },
  { name: "Pat", address: "pat@mailbox.example", account: "mail-only" },
] as const

/** Groups: name, kind and members by first name. */
export const groups = [
  {
    name: "All Employees",
    mail: "employees@contoso.com",
    kind: "mail-enabled-security",
    members: members.map(({ name }) => name),
  },
  {
    name: "Finance Team",
    mail: "finance@contoso.com",
    kind: "mail-enabled-security",
    members: ["Alice", "Judy"],
  },
  {
    name: "Launch Team",
    mail: "launch@contoso.com",
    kind: "microsoft-365",
    members: ["Alice", "Bob", "Carol", "Frank", "Olivia"],
  },
  {
    name: "Project Partners",
    mail: "partners@contoso.com",
    kind: "mail-enabled-security",
    members: [],
  },
] as const

/** Who runs cmdlets when a scenario does not say who. */
export const defaultAdministrator = "ivan@contoso.com"

/** The account that sets a scenario's tenant up; the same person. */
export const addressOf = (name: string): string => `${name.toLowerCase()}@contoso.com`
